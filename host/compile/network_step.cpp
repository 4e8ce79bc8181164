#include "host/compile/network_step.h"

#include <algorithm>

#include "host/compile/regions.h"

namespace systol {

NetworkStep::NetworkStep(const Frame& frame)
    : frame_(frame),
      group_(frame.group),
      step_(frame.step()),
      node_(frame.node()),
      output_after_(group_.residence.users(frame.output.item)) {}

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

Box NetworkStep::over_output() const {
  const Operand& output = frame_.output;
  Box box;
  box.destination = output.address;
  box.axes.push_back({group_.samples, 0, 0, output.strides[0]});
  for (std::size_t i = 0; i < output.shape.size(); ++i) {
    box.axes.push_back({static_cast<std::uint64_t>(output.shape[i]), 0, 0, output.strides[i + 1]});
  }
  return box;
}

void NetworkStep::add_operand(Box& box, std::int64_t BoxAxis::*stride,
                              const std::vector<std::int64_t>& strides) {
  for (std::size_t i = 0; i < box.axes.size(); ++i) {
    box.axes[i].*stride = strides[i];
  }
}

std::vector<std::size_t> NetworkStep::flowing() const {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < node_.inputs.size(); ++i) {
    if (flows(i)) {
      result.push_back(i);
    }
  }
  return result;
}

Operand NetworkStep::operand(std::size_t input) const {
  Operand own = frame_.inputs[input];
  const Shape shape = own.shape;
  const std::size_t rank = frame_.output.shape.size();
  if (!flows(input)) {
    const Shape all = seen_shape(graph(), step_, node_.inputs[input]);
    own.address = parameters() + parameter_places().values + constant_offset(graph(), node_, input);
    own.strides = {0};
    for (std::size_t axis = 0; axis < all.size(); ++axis) {
      own.strides.push_back(static_cast<std::int64_t>(values_of_index(all, axis)));
      own.address += own.first(axis) * own.stride(axis + 1);
    }
  }
  std::vector<std::int64_t> strides(rank + 1, 0);
  strides[0] = own.strides[0];
  for (std::size_t i = 0; i < shape.size(); ++i) {
    strides[rank + 1 - shape.size() + i] = shape[i] == 1 ? 0 : own.strides[i + 1];
  }
  own.strides = std::move(strides);
  return own;
}

std::uint64_t NetworkStep::parameters() const {
  const StepAreas& areas = group_.plan.step_areas[frame_.index];
  return group_.residence.address(group_.area(*areas.parameters)) - areas.parameters_first;
}

NetworkStep::Read NetworkStep::read_of(std::size_t i) const {
  return {input(i).item, values_read(frame_, i)};
}

Commands NetworkStep::after(const std::vector<Read>& reads) const {
  Commands commands = output_after_;
  for (const Read& read : reads) {
    append_all(commands, group_.residence.writers(read.item, read.values));
  }
  if (const auto area = group_.plan.step_areas[frame_.index].parameters) {
    append_all(commands, group_.residence.writers(group_.area(*area)));
  }
  return commands;
}

void NetworkStep::note_reads(CommandId id, const std::vector<Read>& reads) {
  for (const Read& read : reads) {
    group_.residence.read(read.item, id);
  }
  if (const auto area = group_.plan.step_areas[frame_.index].parameters) {
    group_.residence.read(group_.area(*area), id);
  }
}

void NetworkStep::note_output(CommandId id, const std::vector<Read>& reads) {
  note_reads(id, reads);
  group_.residence.wrote(frame_.output.item, id, values_written(frame_));
}

void NetworkStep::run(const isa::Vector& vector, const Box& box,
                      const std::vector<std::size_t>& inputs) {
  std::vector<Read> reads(inputs.size());
  std::ranges::transform(inputs, reads.begin(), [this](std::size_t i) { return read_of(i); });
  run_on(vector, box, reads);
}

void NetworkStep::run_on(const isa::Vector& vector, const Box& box,
                         const std::vector<Read>& reads) {
  append_vector(frame_, vector, box, after(reads), [&](CommandId id) { note_output(id, reads); });
}

}  // namespace systol
