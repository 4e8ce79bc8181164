#include "host/compile/plan_samples.h"

#include "host/compile/frame.h"
#include "host/compile/regions.h"

namespace systol {
namespace {

/// Blocks are what lies before the axis along which a state grows.
StatePlace place_of(const Plan& plan, const StoredState& state, const State& in_graph) {
  const Shape& last = plan.graph->shape(state.value);
  StatePlace place{state.value, state.next, 1, elements(last), elements(last), 0};
  if (in_graph.axis) {
    const auto axis = static_cast<std::ptrdiff_t>(*in_graph.axis);
    place.blocks = elements({last.begin(), last.begin() + axis});
    place.first_bytes = elements(plan.growing->shape(state.value)) / place.blocks;
    place.more_bytes = elements(plan.graph->shape(in_graph.next)) / place.blocks;
    place.block_bytes = place.first_bytes + place.more_bytes * plan.rows;
  }
  return place;
}

/// Where the channels of a sample's last column tile lie.
std::uint64_t ragged_channels(const StepConstants& constants, std::uint32_t sample) {
  std::uint64_t place = constants.end;
  for (std::size_t i = sample; i < constants.ragged_columns.size(); ++i) {
    place -= std::uint64_t{isa::kChannelPlanes} * constants.ragged_columns[i];
  }
  return place;
}

}  // namespace

std::vector<StatePlace> state_places(const Plan& plan, const Steps& steps) {
  std::vector<StatePlace> places;
  for (std::size_t i = 0; i < steps.states.size(); ++i) {
    places.push_back(place_of(plan, steps.states[i], plan.graph->states[i]));
  }
  return places;
}

std::vector<std::uint32_t> ragged_columns(const Plan& plan, const Step& step,
                                          std::uint32_t tile_columns) {
  std::vector<std::uint32_t> columns;
  const std::size_t tensor = index_of(plan.graph->nodes[step.node].output);
  if (step.kind != StepKind::Product || plan.growing == nullptr || !plan.growth[tensor]) {
    return columns;
  }
  const Shape& first = plan.growing->tensors[tensor].shape;
  const Growth& growth = *plan.growth[tensor];
  for (std::uint32_t row = 0; row < plan.rows && growth.axis + 1 == first.size(); ++row) {
    const std::int64_t all = first.back() + growth.each * std::int64_t{row};
    columns.push_back(static_cast<std::uint32_t>(all % tile_columns));
  }
  return columns;
}

std::uint64_t Plan::sample_size(TensorId tensor, std::uint64_t sample) const {
  if (!differs(tensor)) {
    return place_of(tensor).sample_bytes;
  }
  const Shape& first = growing->shape(tensor);
  const Growth& more = *growth[systol::index_of(tensor)];
  const std::uint64_t each = elements(first) / static_cast<std::uint64_t>(first[more.axis]);
  return elements(first) + each * static_cast<std::uint64_t>(more.each) * sample;
}

/// The sum of all sizes before it.
std::uint64_t Plan::sample_start(TensorId tensor, std::uint64_t sample) const {
  const std::uint64_t first = sample_size(tensor, 0);
  const std::uint64_t more = sample_size(tensor, 1) - first;
  return sample * first + (sample > 0 ? sample * (sample - 1) / 2 * more : 0);
}

std::uint64_t Plan::extent_in(TensorId tensor, std::size_t axis, std::uint64_t sample) const {
  if (growing->shape(tensor).empty()) {
    return 1;
  }
  const auto& more = growth[systol::index_of(tensor)];
  const std::int64_t first = growing->shape(tensor)[axis];
  const std::int64_t added =
      more && more->axis == axis ? more->each * static_cast<std::int64_t>(sample) : 0;
  return static_cast<std::uint64_t>(first + added);
}

/// Of the step's output as its frames see it.
Shape Plan::output_shape(const Step& step, std::uint64_t sample) const {
  const TensorId output = graph->nodes[step.node].output;
  Shape shape = seen_shape(*graph, step, output);
  if (growing != nullptr) {
    const Shape& first = growing->shape(output);
    shape = first;
    for (std::size_t axis = 0; axis < first.size(); ++axis) {
      shape[axis] = static_cast<std::int64_t>(extent_in(output, axis, sample));
    }
    shape = shape.empty() ? Shape{1} : works_on_rows(*graph, step) ? frame_shape(shape) : shape;
  }
  return shape;
}

Plan plan_of_sample(const Plan& whole, std::uint32_t sample) {
  Plan plan = whole;
  plan.graph = std::make_shared<const Graph>(at_sample(*whole.growing, sample));
  Steps steps = steps_of(*plan.graph);
  const std::vector<Layout> layouts = layouts_of(*plan.graph, steps);
  for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
    const TensorId tensor = plan.tensors[i].tensor;
    plan.places[i].layout = layouts[index_of(tensor)];
    plan.places[i].sample_bytes = plan.places[i].layout.values();
    plan.tensors[i].sample_bytes = plan.places[i].sample_bytes;
  }
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    StepConstants& constants = plan.constants[i];
    const Step& step = steps.steps[i];
    constants.tiling = place_constants(*plan.graph, step, layouts, plan.config, 0).tiling;
    if (!constants.ragged_columns.empty()) {
      constants.ragged = ragged_channels(constants, sample);
    }
    if (auto& bands = plan.step_areas[i].bands) {
      const Shape shape = seen_shape(*plan.graph, step, plan.graph->nodes[step.node].output);
      bands->values = bands->cut.extent * values_of_index(shape, bands->cut.axis);
    }
  }
  plan.steps = std::move(steps.steps);
  return plan;
}

}  // namespace systol
