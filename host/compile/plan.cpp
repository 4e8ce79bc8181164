#include "host/compile/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "host/compile/network_areas.h"
#include "host/compile/pe_check.h"
#include "host/compile/placement.h"
#include "host/compile/plan_samples.h"
#include "host/compile/residuals.h"
#include "host/compile/sign_tensors.h"
#include "sim/base/error.h"

namespace systol {
namespace {

constexpr std::uint64_t kLargestTensors = std::uint64_t{8} << 30;

std::uint64_t free_buffer(const ArrayConfig& config) {
  const std::uint64_t reserved = reserved_bytes(config);
  return std::max(config.unified_buffer.count(), reserved) - reserved;
}

/// What a chain needs a sample if its tensors alternate between two areas that never overlap.
std::uint64_t two_areas(const std::vector<Lifetime>& tensors) {
  std::array<std::uint64_t, 2> widest{};
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    widest[i % 2] = std::max(widest[i % 2], tensors[i].sample_bytes);
  }
  return widest[0] + widest[1];
}

/// All tensors in the buffer, in as little of it as makes none wait for another.
void place_in_buffer(Plan& plan) {
  const std::uint64_t capacity = free_buffer(plan.config);
  plan.resident_rows = rows_that_fit(plan.tensors, capacity, plan.batch);
  if (!plan.resident()) {
    return;
  }
  const std::uint64_t enough = std::max(peak_bytes(plan.tensors), two_areas(plan.tensors));
  auto offsets =
      place(plan.tensors, plan.resident_rows, std::min(capacity, enough * plan.resident_rows));
  offsets = offsets ? offsets : place(plan.tensors, plan.resident_rows, capacity);
  for (std::size_t i = 0; i < plan.places.size(); ++i) {
    plan.places[i].buffer = (*offsets)[i];
  }
}

bool is_end(const Plan& plan, const Lifetime& lifetime) {
  const auto& inputs = plan.graph->inputs;
  return std::ranges::find(inputs, lifetime.tensor) != inputs.end() ||
         std::ranges::find(plan.outputs, lifetime.tensor) != plan.outputs.end();
}

/// A batch's tensors between input and output share what memory they need, if they are not in the
/// buffer.
void place_spilled(Plan& plan) {
  std::vector<Lifetime> between;
  std::vector<std::size_t> index;
  for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
    if (!plan.places[i].buffer && !plan.places[i].memory) {
      between.push_back(plan.tensors[i]);
      index.push_back(i);
    }
  }
  if (between.empty()) {
    return;
  }
  const std::uint64_t start = plan.activation_bytes;
  std::uint64_t bytes = std::max(peak_bytes(between), two_areas(between)) * plan.batch;
  auto offsets = place(between, plan.batch, bytes);
  while (!offsets) {
    bytes += bytes;  // with room for each, some order fits
    offsets = place(between, plan.batch, bytes);
  }
  for (std::size_t i = 0; i < between.size(); ++i) {
    plan.places[index[i]].memory = start + (*offsets)[i];
  }
  plan.activation_bytes = start + bytes;
}

/// Inputs and outputs of all samples first, and states: a batch leaves those of the others alone.
void place_in_memory(Plan& plan) {
  for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
    if (is_end(plan, plan.tensors[i])) {
      plan.places[i].memory = plan.activation_bytes;
      plan.activation_bytes += plan.rows * plan.tensors[i].sample_bytes;
    }
  }
  for (const StatePlace& state : plan.states) {
    plan.places[plan.index_of(state.value)].memory = plan.activation_bytes;
    plan.activation_bytes += state.bytes();
  }
  place_spilled(plan);
}

/// A machine that is timed only needs no memory here.
void check_memory(const Plan& plan) {
  if (plan.activation_bytes > kLargestTensors) {
    throw InputError(
        fmt::format("{}: {} samples need more than {} bytes of activations; give fewer samples, or "
                    "ask for time and traffic only",
                    plan.graph->place(), plan.rows, kLargestTensors));
  }
}

/// What streams needs room for its parameters and tiles.
void check_buffer(const Plan& plan) {
  const std::uint64_t capacity = plan.config.unified_buffer.count();
  const std::uint64_t reserved = reserved_bytes(plan.config);
  const std::uint64_t row = streamed_row_bytes(plan.config);
  if (capacity < reserved + row) {
    throw InputError(fmt::format(
        "unified_buffer.capacity: {} bytes cannot hold the parameters ({} bytes) and one row of "
        "double-buffered tiles ({} bytes) of a {}x{} array",
        capacity, reserved, row, plan.config.rows, plan.config.columns));
  }
}

/// A chain keeps a softmax's logits and probabilities beside each other in the buffer, all of a
/// row.
bool softmaxes_fit(const std::vector<Step>& steps, const ArrayConfig& config) {
  const std::uint64_t reserved = reserved_bytes(config);
  const std::uint64_t capacity = std::max(config.unified_buffer.count(), reserved);
  return std::ranges::all_of(steps, [&](const Step& step) {
    return !step.softmax() || 2 * std::uint64_t{step.outputs} <= capacity - reserved;
  });
}

struct BoundsOf {
  Bounds operator()(const QuantMatMul& op) const { return {op.zero_point, op.minimum, op.maximum}; }
  Bounds operator()(const QuantConvolution& op) const { return (*this)(op.matmul); }
  Bounds operator()(const QuantProduct& op) const {
    return {op.zero_point, op.minimum, op.maximum};
  }
  template <class Other>
  Bounds operator()(const Other&) const {
    return {};
  }
};

Bounds bounds_of(const QuantGraph* quantised, const Step& step) {
  return quantised == nullptr ? Bounds{} : std::visit(BoundsOf{}, quantised->nodes[step.node]);
}

/// The vector unit's numbers of the addition; a sum of two has a multiplier of 1.
std::optional<FusedAddition> addition_of(const QuantGraph* quantised, const Step& step) {
  if (!step.added || quantised == nullptr) {
    return step.added ? std::optional(FusedAddition{}) : std::nullopt;
  }
  const auto& binary = std::get<QuantBinary>(quantised->nodes[step.added->node]);
  const Node& node = quantised->graph->nodes[step.added->node];
  const bool first = step.added->sums == 0;
  const Bounds sums = bounds_of(quantised, step);
  FusedAddition addition;
  addition.weights.zero_point = sums.zero_point;
  addition.weights.minimum = sums.minimum;
  addition.weights.maximum = sums.maximum;
  addition.weights.multiplier = first ? binary.a_multiplier : binary.b_multiplier;
  addition.weights.residual_zero_point = quantised->of(node.inputs[first ? 1 : 0]).zero_point;
  addition.weights.residual_multiplier = first ? binary.b_multiplier : binary.a_multiplier;
  addition.weights.shift = binary.rescale.shift;
  addition.bounds = {binary.zero_point, binary.minimum, binary.maximum};
  return addition;
}

/// Of the activations that a step's matmuls feed; an input-stationary array is fed weights.
std::int8_t fed_zero_point(const Plan& plan, const Step& step) {
  const bool fed = plan.config.dataflow != Dataflow::InputStationary &&
                   (step.kind == StepKind::Matrix || step.kind == StepKind::Product);
  return fed && plan.quantised ? plan.quantised->of(step.input()).zero_point : std::int8_t{0};
}

void place_all_constants(Plan& plan, const std::vector<Layout>& layouts) {
  for (const Step& step : plan.steps) {
    StepConstants constants =
        place_constants(*plan.graph, step, layouts, plan.config, plan.weight_bytes,
                        step.kind == StepKind::Matrix ? plan.packed(step.input()) : PackedRows{});
    constants.ragged_columns = ragged_columns(plan, step, constants.tiling.tile_columns);
    place_ragged(constants);
    constants.zero_point =
        isa::is_signs(plan.config.pe) ? std::int8_t{0} : fed_zero_point(plan, step);
    constants.signs = bool{plan.packed(step.output)};
    plan.weight_bytes = constants.end;
    plan.constants.push_back(std::move(constants));
    plan.bounds.push_back(bounds_of(plan.quantised.get(), step));
    plan.additions.push_back(addition_of(plan.quantised.get(), step));
  }
}

}  // namespace

std::vector<std::string> Plan::spilled() const {
  std::vector<std::string> names;
  for (const Lifetime& lifetime : tensors) {
    if (!in_buffer(lifetime.tensor) && !is_end(*this, lifetime) &&
        state_of(lifetime.tensor) == nullptr) {
      names.push_back(graph->tensor(lifetime.tensor).name);
    }
  }
  return names;
}

std::uint64_t Plan::end_bytes() const {
  std::uint64_t bytes = 0;
  for (const Lifetime& lifetime : tensors) {
    bytes += is_end(*this, lifetime) ? lifetime.sample_bytes : 0;
  }
  return bytes;
}

std::optional<std::uint64_t> Plan::value_at(const isa::Origin& origin,
                                            std::uint64_t address) const {
  const Step& step = steps[origin.node];
  const Place& place = place_of(step.output);
  if (!place.buffer) {
    return value_in_band(origin, address);
  }
  const Layout& layout = place.layout;
  const std::uint64_t base = reserved_bytes(config) + *place.buffer;
  if (address < base || address >= base + layout.bytes() * resident_rows) {
    return std::nullopt;
  }
  const std::uint64_t at = origin.row / origin_rows[origin.node];
  if (differs(step.output)) {
    const bool inside = address - base < sample_size(step.output, at);
    return inside ? std::optional(sample_start(step.output, at) + address - base) : std::nullopt;
  }
  const std::uint64_t first = at / resident_rows * resident_rows;
  const std::uint64_t sample = first + (address - base) / layout.bytes();
  const std::uint64_t offset = (address - base) % layout.bytes();
  const std::uint64_t y = offset / layout.row_bytes();
  const std::uint64_t x = offset % layout.row_bytes() / layout.channels;
  if (y < layout.before[0] || y >= layout.before[0] + layout.rows || x < layout.before[1] ||
      x >= layout.before[1] + layout.columns) {
    return std::nullopt;
  }
  const std::uint64_t pixel = (y - layout.before[0]) * layout.columns + x - layout.before[1];
  return sample * layout.values() + pixel * layout.channels + offset % layout.channels;
}

/// Bands are as many values each, but for the last of an axis; there is one sample.
std::optional<std::uint64_t> Plan::value_in_band(const isa::Origin& origin,
                                                 std::uint64_t address) const {
  const Bands& bands = *step_areas[origin.node].bands;
  for (const std::size_t slot : *bands.output) {
    const std::uint64_t base = reserved_bytes(config) + areas[slot].buffer;
    if (address >= base && address < base + areas[slot].lifetime.fixed_bytes) {
      return value_of_band(origin, address - base);
    }
  }
  return std::nullopt;
}

/// The value at `offset` bytes of the band that the origin is in.
std::uint64_t Plan::value_of_band(const isa::Origin& origin, std::uint64_t offset) const {
  const Step& step = steps[origin.node];
  const Bands& bands = *step_areas[origin.node].bands;
  const std::uint64_t sample = origin.row / origin_rows[origin.node];
  const Shape shape = output_shape(step, sample);
  const auto width = static_cast<std::uint64_t>(shape.back());
  const std::uint64_t index = values_of_index(shape, bands.cut.axis);
  const std::uint64_t axis = index * static_cast<std::uint64_t>(shape[bands.cut.axis]);
  const std::uint64_t each = index * bands.cut.extent;
  const std::uint64_t value =
      origin.row % origin_rows[origin.node] * width + std::uint64_t{origin.column};
  const std::uint64_t band =
      sample_start(step.output, sample) + value / axis * axis + value % axis / each * each;
  if (bands.column_tiles == 0) {
    return band + offset;
  }
  Tiling tiling = constants[origin.node].tiling;
  tiling.outputs = isa::narrow(width);
  const Span columns = tiling.columns_together(
      tiling.tile_of(origin.column) / bands.column_tiles * bands.column_tiles, bands.column_tiles);
  return band + offset / columns.count() * width + columns.first + offset % columns.count();
}

const StatePlace* Plan::state_of(TensorId tensor) const {
  const auto found = std::ranges::find(states, tensor, &StatePlace::value);
  return found == states.end() ? nullptr : &*found;
}

std::uint64_t Plan::address(TensorId tensor, std::uint32_t row) const {
  const std::size_t i = index_of(tensor);
  if (state_of(tensor) != nullptr) {
    return *places[i].memory;
  }
  const std::uint32_t sample = is_end(*this, tensors[i]) ? row : row % batch;
  return *places[i].memory + sample * places[i].sample_bytes;
}

namespace {

/// A row of the accumulators is a row of the residual only where it is a sample's or a place's; and
/// where shapes grow from sample to sample steps are as they are found.
bool adds_residuals(const Plan& plan) {
  return plan.config.dataflow != Dataflow::InputStationary && plan.growing == nullptr;
}

/// Signs take an eighth of the bytes, in memory and in the buffer.
void pack_signs(Plan& plan, const Steps& steps, std::vector<Layout>& layouts) {
  if (!isa::is_signs(plan.config.pe)) {
    return;
  }
  plan.signs = sign_tensors(*plan.graph, steps, plan.input_signs, plan.config);
  for (std::size_t i = 0; i < layouts.size(); ++i) {
    layouts[i] = plan.signs[i] ? packed(layouts[i], plan.signs[i], plan.config) : layouts[i];
  }
  for (Lifetime& lifetime : plan.tensors) {
    if (plan.packed(lifetime.tensor)) {
      lifetime.sample_bytes = layouts[index_of(lifetime.tensor)].values();
    }
  }
}

/// What goes through memory in bands is cut by values.
void check_signs_fit(const Plan& plan) {
  for (const Lifetime& lifetime : plan.tensors) {
    if (plan.packed(lifetime.tensor) && !plan.in_buffer(lifetime.tensor)) {
      throw InputError(fmt::format(
          "{}: the signs of '{}' do not fit the unified buffer with what else is needed then, and "
          "signs are not cut into bands; allowed: a larger unified_buffer.capacity, or 'pe: "
          "binary'",
          plan.graph->place(), plan.graph->tensor(lifetime.tensor).name));
    }
  }
}

/// With the additions in `apart` on the vector unit.
Plan plan_with(std::shared_ptr<const Graph> graph, std::shared_ptr<const QuantGraph> quantised,
               const ArrayConfig& config, std::uint32_t rows, std::uint32_t batch,
               const std::set<std::size_t>& apart) {
  Plan plan;
  if (grows(*graph)) {
    plan.growth = growth_of(*graph);
    plan.growing = graph;
    graph = std::make_shared<const Graph>(at_sample(*graph, rows - 1));
  }
  plan.graph = std::move(graph);
  plan.quantised = std::move(quantised);
  plan.config = config;
  plan.rows = rows;
  plan.batch = plan.graph->states.empty() ? std::min(batch, rows) : 1;
  Steps steps = steps_of(*plan.graph);
  if (isa::is_signs(config.pe)) {
    plan.input_signs = take_input_signs(*plan.graph, steps);
  }
  if (adds_residuals(plan)) {
    add_residuals(*plan.graph, apart, steps);
  }
  check_integers(config);
  check_pes(*plan.graph, steps.steps, config);
  plan.chain = is_dense_chain(*plan.graph, steps) && !isa::is_signs(config.pe) &&
               softmaxes_fit(steps.steps, config);
  plan.tensors = lifetimes_of(*plan.graph, steps);
  std::vector<Layout> layouts = layouts_of(*plan.graph, steps);
  pack_signs(plan, steps, layouts);
  plan.states = state_places(plan, steps);
  plan.steps = std::move(steps.steps);
  plan.outputs = std::move(steps.outputs);
  for (const Step& step : plan.steps) {
    plan.origin_rows.push_back(step.rows);
  }
  plan.indices.resize(plan.graph->tensors.size());
  for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
    const TensorId tensor = plan.tensors[i].tensor;
    plan.places.push_back({plan.tensors[i].sample_bytes, layouts[index_of(tensor)], {}, {}});
    plan.indices[index_of(tensor)] = i;
  }
  place_all_constants(plan, layouts);
  if (plan.chain) {
    place_in_buffer(plan);
  } else {
    place_network(plan);
    check_signs_fit(plan);
  }
  place_in_memory(plan);
  if (!plan.resident()) {
    check_buffer(plan);
  }
  if (plan.quantised != nullptr) {
    check_memory(plan);
  }
  return plan;
}

/// Adds the additions whose residual is not in the buffer while it is read.
void find_far_residuals(const Plan& plan, std::set<std::size_t>& apart) {
  for (const Step& step : plan.steps) {
    if (step.added && !plan.in_buffer(step.sources.back())) {
      apart.insert(step.added->node);
    }
  }
}

}  // namespace

Plan make_plan(const std::shared_ptr<const Graph>& graph,
               const std::shared_ptr<const QuantGraph>& quantised, const ArrayConfig& config,
               std::uint32_t rows, std::uint32_t batch) {
  std::set<std::size_t> apart;
  for (;;) {
    Plan plan = plan_with(graph, quantised, config, rows, batch, apart);
    const std::size_t before = apart.size();
    find_far_residuals(plan, apart);
    if (apart.size() == before) {
      return plan;
    }
  }
}

}  // namespace systol
