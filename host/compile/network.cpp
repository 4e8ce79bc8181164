#include "host/compile/network.h"

#include <algorithm>
#include <array>

#include "host/compile/bands.h"
#include "host/compile/lowering.h"
#include "host/compile/plan_samples.h"
#include "host/compile/regions.h"

namespace systol {
namespace {

/// Pixels of an image from its first one on.
struct Extents {
  std::uint64_t rows = 0;
  std::uint64_t columns = 0;
};

Extents whole_of(const Layout& layout) { return {layout.rows, layout.columns}; }

/// Of an image that convolutions alone read where it lies, up to the last row and the last column
/// that a window reaches; of any other tensor all.
Extents extents_read(const Plan& plan, TensorId tensor) {
  const Extents all = whole_of(plan.place_of(tensor).layout);
  Extents read{1, 1};
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.steps[i];
    const auto uses = std::ranges::count(step.sources, tensor);
    const Node& node = plan.graph->nodes[step.node];
    const bool window = uses == 1 && node.inputs[0] == tensor && !plan.step_areas[i].bordered &&
                        std::holds_alternative<Convolution>(node.operation);
    if (window) {
      const TensorPart output = whole_part(seen_shape(*plan.graph, step, node.output));
      const Region region = region_read(*plan.graph, step, 0, output);
      read = {std::max(read.rows, region[0].end), std::max(read.columns, region[1].end)};
    } else if (uses > 0) {
      return all;
    }
  }
  return {std::min(read.rows, all.rows), std::min(read.columns, all.columns)};
}

/// Memory on one side, the buffer on the other: rows of pixels where not all lie together.
void place_transfer(const Group& group, TensorId tensor, std::uint64_t memory,
                    const Extents& extents, isa::Transfer& transfer) {
  const Layout& layout = group.layout(tensor);
  const std::uint64_t buffer = group.residence.address(group.item(tensor)) + layout.first();
  const std::uint64_t row = layout.columns * layout.channels;
  const bool together = !layout.bordered() && extents.columns == layout.columns;
  transfer.space = isa::Space::Activations;
  if (together && extents.rows == layout.rows) {
    transfer.memory = isa::Walk(memory);
    transfer.buffer = isa::Walk(buffer);
    transfer.piece_bytes = layout.values() * group.samples;
    return;
  }
  const std::uint64_t rows = together ? 1 : extents.rows;
  transfer.piece_bytes = together ? extents.rows * row : extents.columns * layout.channels;
  transfer.memory = isa::Walk(memory, {{group.samples, layout.values()}, {rows, row}});
  transfer.buffer =
      isa::Walk(buffer, {{group.samples, layout.bytes()}, {rows, layout.row_bytes()}});
}

void load_input(const Group& group, TensorId tensor) {
  const std::size_t item = group.item(tensor);
  isa::Load load;
  place_transfer(group, tensor, group.plan.address(tensor, group.first),
                 extents_read(group.plan, tensor), load);
  group.residence.begin(item);
  const Commands after = group.residence.users(item);
  fill_borders(group, 0, item, group.layout(tensor), tensor);
  group.residence.wrote(item, group.schedule.append(load, group.origin(0), after));
}

/// A part of each of the state's blocks in memory; in the buffer they lie together.
void place_blocks(const Group& group, const StatePlace& state, TensorId tensor, std::uint64_t from,
                  std::uint64_t bytes, isa::Transfer& transfer) {
  const std::uint64_t memory = group.plan.address(state.value, 0) + from;
  const std::uint64_t buffer = group.residence.address(group.item(tensor));
  transfer.space = isa::Space::Activations;
  transfer.memory = isa::Walk(memory, state.blocks, state.block_bytes);
  transfer.buffer = isa::Walk(buffer, state.blocks, bytes);
  transfer.piece_bytes = bytes;
}

/// What the sample before left.
void load_state(const Group& group, std::size_t step, std::size_t index) {
  const StatePlace& state = group.plan.states[index];
  const std::size_t item = group.item(state.value);
  isa::Load load;
  if (state.more_bytes == 0) {
    place_transfer(group, state.value, group.plan.address(state.value, 0),
                   whole_of(group.layout(state.value)), load);
  } else {
    place_blocks(group, state, state.value, 0, state.first_bytes + group.first * state.more_bytes,
                 load);
  }
  group.residence.begin(item);
  Commands after = group.residence.users(item);
  fill_borders(group, step, item, group.layout(state.value), state.value);
  const Commands stores = group.residence.writers(group.stored_state(index));
  after.insert(after.end(), stores.begin(), stores.end());
  const CommandId id = group.schedule.append(load, group.origin(step), after);
  group.residence.wrote(item, id);
  group.residence.read(group.stored_state(index), id);
}

/// For the next sample; after all that read the state in this one.
void store_state(const Group& group, std::size_t index) {
  const StatePlace& state = group.plan.states[index];
  const std::size_t item = group.item(state.next);
  const auto by = std::ranges::find(group.plan.steps, state.next, &Step::output);
  isa::Store store;
  if (state.more_bytes == 0) {
    place_transfer(group, state.next, group.plan.address(state.value, 0),
                   whole_of(group.layout(state.next)), store);
  } else {
    place_blocks(group, state, state.next, state.first_bytes + group.first * state.more_bytes,
                 state.more_bytes, store);
  }
  Commands after = group.residence.writers(item);
  const Commands readers = group.residence.users(group.stored_state(index));
  after.insert(after.end(), readers.begin(), readers.end());
  const isa::Origin origin = group.origin(static_cast<std::size_t>(by - group.plan.steps.begin()));
  const CommandId id = group.schedule.append(store, origin, after);
  group.residence.read(item, id);
  group.residence.wrote(group.stored_state(index), id);
}

/// Those that are needed up to this step.
void store_states(const Group& group, std::size_t step) {
  for (std::size_t i = 0; i < group.plan.states.size(); ++i) {
    if (group.plan.tensors[group.item(group.plan.states[i].next)].last == step) {
      store_state(group, i);
    }
  }
}

/// Those that are in the buffer from this step on.
void load_states(const Group& group, std::size_t step) {
  for (std::size_t i = 0; i < group.plan.states.size(); ++i) {
    const TensorId value = group.plan.states[i].value;
    const Lifetime& lifetime = group.plan.tensors[group.item(value)];
    if (lifetime.first == step && group.plan.in_buffer(value)) {
      load_state(group, step, i);
    }
  }
}

void load_parameters(const Group& group, std::size_t step) {
  const std::optional<std::size_t> area = group.plan.step_areas[step].parameters;
  if (!area) {
    return;
  }
  const std::size_t item = group.area(*area);
  isa::Load load;
  load.space = isa::Space::Weights;
  load.memory = isa::Walk(group.plan.constants[step].parameters +
                          group.plan.step_areas[step].parameters_first);
  load.buffer = isa::Walk(group.residence.address(item));
  load.piece_bytes = group.plan.areas[*area].lifetime.fixed_bytes;
  group.residence.begin(item);
  group.residence.wrote(
      item, group.schedule.append(load, group.origin(step), group.residence.users(item)));
}

void store_output(const Group& group, TensorId tensor) {
  const std::size_t item = group.item(tensor);
  const auto by = std::ranges::find(group.plan.steps, tensor, &Step::output);
  isa::Store store;
  place_transfer(group, tensor, group.plan.address(tensor, group.first),
                 whole_of(group.layout(tensor)), store);
  const isa::Origin origin = group.origin(static_cast<std::size_t>(by - group.plan.steps.begin()));
  group.residence.read(item, group.schedule.append(store, origin, group.residence.writers(item)));
}

/// Nothing of the step's output is written yet.
void begin_output(const Group& group, std::size_t step) {
  const TensorId output = group.plan.steps[step].output;
  const std::size_t item = group.item(output);
  group.residence.begin(item);
  if (group.plan.in_buffer(output)) {
    fill_borders(group, step, item, group.layout(output), output);
  }
}

void lower_group(const Group& group, TileLowering& tiles, std::uint32_t rows) {
  for (const TensorId input : group.plan.graph->inputs) {
    if (group.plan.in_buffer(input)) {
      load_input(group, input);
    }
  }
  load_parameters(group, 0);
  for (std::size_t i = 0; i < group.plan.steps.size(); ++i) {
    if (i + 1 < group.plan.steps.size()) {
      load_parameters(group, i + 1);
    }
    load_states(group, i);
    begin_output(group, i);
    lower_in_bands(group, i, tiles, rows);
    store_states(group, i);
  }
  const std::vector<TensorId>& outputs = group.plan.outputs;
  for (auto output = outputs.begin(); output != outputs.end(); ++output) {
    const bool once = std::find(outputs.begin(), output, *output) == output;
    if (once && group.plan.in_buffer(*output)) {
      store_output(group, *output);
    }
  }
  store_states(group, group.plan.steps.size());
}

}  // namespace

isa::Origin Group::origin(std::size_t step, std::uint64_t row, std::uint64_t column) const {
  const std::uint64_t before = std::uint64_t{first} * plan.origin_rows[step];
  return {static_cast<std::uint32_t>(step), isa::narrow(before + row), isa::narrow(column), 0};
}

void fill_borders(const Group& group, std::size_t step, std::size_t item, const Layout& layout,
                  TensorId tensor) {
  if (!layout.bordered()) {
    return;
  }
  const Commands after = group.residence.users(item);
  const std::uint64_t values = layout.columns * layout.channels;
  const std::uint64_t begin = group.residence.address(item);
  const std::uint64_t last_row = layout.first() + (layout.rows - 1) * layout.row_bytes();
  isa::Vector fill;
  fill.operation = isa::LaneOperation::Fill;
  fill.multiplier = isa::kUnitMultiplier;
  fill.shift = isa::kUnitShift;
  fill.zero_point =
      group.plan.packed(tensor) ? std::int8_t{0} : group.quantisation(tensor).zero_point;
  const auto append = [&](std::uint64_t offset, std::uint64_t bytes, std::uint64_t rows) {
    if (bytes == 0 || rows == 0) {
      return;
    }
    fill.columns = isa::narrow(bytes);
    fill.destination =
        isa::Walk(begin + offset, {{group.samples, layout.bytes()}, {rows, layout.row_bytes()}});
    group.residence.wrote(item, group.schedule.append(fill, group.origin(step), after));
  };
  append(0, layout.first(), 1);
  append(layout.first() + values, (layout.after[1] + layout.before[1]) * layout.channels,
         layout.rows - 1);
  append(last_row + values, layout.bytes() - last_row - values, 1);
}

void append_vector(const Frame& frame, const isa::Vector& command, const Box& box,
                   const Commands& after, const std::function<void(CommandId)>& done) {
  for_each_part(box, [&](const BoxPart& part) {
    isa::Vector vector = command;
    vector.columns = part.columns;
    vector.destination = part.destination;
    if (isa::reads_a(command.operation)) {
      vector.a = part.a;
    }
    if (isa::reads_b(command.operation)) {
      vector.b = part.b;
    }
    done(frame.group.schedule.append(vector, frame.origin(), after));
  });
}

void lower_network(const Plan& plan, Schedule& schedule) {
  const std::uint32_t rows = block_rows(plan.config, UINT32_MAX);
  const auto tiles = make_tile_lowering(plan.config, schedule, slot_rows(plan.config));
  Residence residence(plan);
  std::array<Plan, 2> of_sample;  // what is lowered may refer to that of the sample before
  for (std::uint32_t first = 0; first < plan.rows; first += plan.resident_rows) {
    if (plan.growing != nullptr) {
      of_sample[first % 2] = plan_of_sample(plan, first);
    }
    const Plan& seen = plan.growing == nullptr ? plan : of_sample[first % 2];
    lower_group({seen, schedule, residence, first, std::min(plan.resident_rows, plan.rows - first)},
                *tiles, rows);
  }
}

}  // namespace systol
