#include "host/compile/network_step.h"

#include <algorithm>

#include "host/compile/bordered_copy.h"

namespace systol {

NetworkStep::NetworkStep(const Group& group, std::size_t step)
    : group_(group),
      index_(step),
      step_(group.plan.steps[step]),
      node_(group.plan.graph->nodes[step_.node]),
      output_item_(group.item(step_.output)) {}

void NetworkStep::begin_output() {
  group_.residence.begin(output_item_);
  output_after_ = group_.residence.users(output_item_);
  fill_borders(group_, index_, output_item_, group_.layout(step_.output),
               group_.quantisation(step_.output).zero_point);
}

isa::Vector NetworkStep::command(isa::LaneOperation operation) const {
  isa::Vector vector;
  vector.operation = operation;
  vector.multiplier = isa::kUnitMultiplier;
  vector.shift = isa::kUnitShift;
  vector.table = step_.table;
  vector.entries = step_.table ? parameters() + parameter_places().table : 0;
  return vector;
}

void NetworkStep::requantise(isa::Vector& vector, const Rescale& rescale, const Bounds& bounds) {
  vector.multiplier = static_cast<std::uint32_t>(rescale.multiplier);
  vector.shift = rescale.shift;
  vector.zero_point = bounds.zero_point;
  vector.minimum = bounds.minimum;
  vector.maximum = bounds.maximum;
}

Quantisation NetworkStep::quantisation_of(std::size_t input) const {
  return group_.quantisation(node_.inputs[input]);
}

Quantisation NetworkStep::output_quantisation() const { return group_.quantisation(node_.output); }

std::size_t NetworkStep::input_item(std::size_t input) const {
  std::size_t source = 0;
  for (std::size_t i = 0; i < input; ++i) {
    source += graph().constant(node_.inputs[i]) == nullptr ? 1 : 0;
  }
  return group_.item(step_.sources[source]);
}

View NetworkStep::input_view(std::size_t input) const {
  const TensorId stored = group_.plan.tensors[input_item(input)].tensor;
  return view_of(group_, stored, graph().shape(node_.inputs[input]));
}

Box NetworkStep::over_output() const {
  const Shape& shape = graph().shape(node_.output);
  const View view = view_of(group_, step_.output, shape);
  Box box;
  box.destination = view.address;
  box.axes.push_back({group_.samples, 0, 0, view.strides[0]});
  for (std::size_t i = 0; i < shape.size(); ++i) {
    box.axes.push_back({static_cast<std::uint64_t>(shape[i]), 0, 0, view.strides[i + 1]});
  }
  return box;
}

void NetworkStep::add_operand(Box& box, std::int64_t BoxAxis::*stride, const View& view) {
  for (std::size_t i = 0; i < box.axes.size(); ++i) {
    box.axes[i].*stride = view.strides[i];
  }
}

std::vector<std::size_t> NetworkStep::flowing() const {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < node_.inputs.size(); ++i) {
    if (graph().constant(node_.inputs[i]) == nullptr) {
      result.push_back(i);
    }
  }
  return result;
}

View NetworkStep::operand(std::size_t input) const {
  const Shape& shape = graph().shape(node_.inputs[input]);
  const bool constant = graph().constant(node_.inputs[input]) != nullptr;
  View own;
  if (constant) {
    own.address = parameters() + parameter_places().values;
    own.strides = {0};
    for (const std::uint64_t stride : dense_layout(shape).strides(shape)) {
      own.strides.push_back(static_cast<std::int64_t>(stride));
    }
  } else {
    own = input_view(input);
  }
  const std::size_t rank = graph().shape(node_.output).size();
  View view{own.address, std::vector<std::int64_t>(rank + 1, 0)};
  view.strides[0] = own.strides[0];
  for (std::size_t i = 0; i < shape.size(); ++i) {
    view.strides[rank + 1 - shape.size() + i] = shape[i] == 1 ? 0 : own.strides[i + 1];
  }
  return view;
}

std::uint64_t NetworkStep::parameters() const {
  return group_.residence.address(group_.area(*group_.plan.step_areas[index_].parameters));
}

NetworkStep::Image NetworkStep::image_with_borders(const Window& window) const {
  const BorderedImage image = bordered_image(group_, index_, window);
  return {image.item, image.address, image.layout};
}

Commands NetworkStep::after(const std::vector<std::size_t>& items) const {
  Commands commands = output_after_;
  for (const std::size_t item : items) {
    append_all(commands, group_.residence.writers(item));
  }
  if (const auto area = group_.plan.step_areas[index_].parameters) {
    append_all(commands, group_.residence.writers(group_.area(*area)));
  }
  return commands;
}

void NetworkStep::note_output(CommandId id, const std::vector<std::size_t>& items) {
  for (const std::size_t item : items) {
    group_.residence.read(item, id);
  }
  if (const auto area = group_.plan.step_areas[index_].parameters) {
    group_.residence.read(group_.area(*area), id);
  }
  group_.residence.wrote(output_item_, id);
}

void NetworkStep::run(const isa::Vector& vector, const Box& box,
                      const std::vector<std::size_t>& inputs) {
  std::vector<std::size_t> items;
  for (const std::size_t input : inputs) {
    items.push_back(input_item(input));
  }
  run_after(vector, box, items);
}

void NetworkStep::run_on_item(const isa::Vector& vector, const Box& box, std::size_t item) {
  run_after(vector, box, {item});
}

void NetworkStep::run_after(const isa::Vector& vector, const Box& box,
                            const std::vector<std::size_t>& items) {
  append_vector(group_, index_, vector, box, after(items),
                [&](CommandId id) { note_output(id, items); });
}

}  // namespace systol
