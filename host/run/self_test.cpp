#include "host/run/self_test.h"

#include <algorithm>

#include "host/compile/schedule.h"

namespace systol {
namespace {

/// Parameters that pass a sum through: times 2^30, shifted back by 30, saturated to int8.
std::vector<std::uint8_t> identity_channels(std::uint32_t columns) {
  std::vector<std::uint8_t> planes(std::size_t{isa::kChannelPlanes} * columns);
  for (std::uint32_t column = 0; column < columns; ++column) {
    isa::write_channel({0, 1U << 30U, 30}, planes.data(), columns, column);
  }
  return planes;
}

/// Rows of activations that fit the accumulators and the buffer at once.
std::uint32_t chunk_rows(const ArrayConfig& config) {
  const std::uint64_t parameters = std::uint64_t{isa::kChannelPlanes} * config.columns;
  const std::uint64_t fit =
      (config.unified_buffer.count() - parameters) / (std::uint64_t{config.rows} + config.columns);
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>({fit, config.accumulator_rows, std::uint64_t{config.rows} + 1}));
}

isa::Load load_block(isa::Space space, std::uint64_t memory, std::uint64_t buffer,
                     std::uint64_t bytes) {
  isa::Load load;
  load.space = space;
  load.memory = isa::Walk(memory);
  load.buffer = isa::Walk(buffer);
  load.piece_bytes = bytes;
  return load;
}

void append_chunk(const ArrayConfig& config, Schedule& schedule, std::uint32_t first,
                  std::uint32_t rows, std::optional<CommandId>& before) {
  const std::uint64_t in = std::uint64_t{isa::kChannelPlanes} * config.columns;
  const std::uint64_t out = in + std::uint64_t{rows} * config.rows;
  const isa::Origin origin{0, first, 0, 0};
  const CommandId loaded =
      schedule.append(load_block(isa::Space::Activations, std::uint64_t{first} * config.rows, in,
                                 std::uint64_t{rows} * config.rows),
                      origin, {before});
  isa::Matmul matmul{{in, rows, config.rows}, config.rows, config.columns, 0, false, first > 0};
  const CommandId sums = schedule.append(matmul, origin, {loaded, before});
  isa::Activate activate;
  activate.columns = config.columns;
  activate.buffer = {out, rows, config.columns};
  const CommandId values = schedule.append(activate, origin, {sums, before});
  isa::Store store;
  const std::uint64_t results = (std::uint64_t{config.rows} + 1) * config.rows;
  store.memory = {results + std::uint64_t{first} * config.columns, rows, config.columns};
  store.buffer = {out, rows, config.columns};
  store.piece_bytes = config.columns;
  before = schedule.append(store, origin, {values});
}

SelfTest make_stationary_test(const ArrayConfig& config) {
  SelfTest test;
  const std::uint64_t tile = std::uint64_t{config.rows} * config.columns;
  const std::uint32_t rows = config.rows + 1;
  std::vector<std::uint8_t> weights(tile, 0xff);
  const std::vector<std::uint8_t> channels = identity_channels(config.columns);
  weights.insert(weights.end(), channels.begin(), channels.end());
  std::vector<std::uint8_t> activations(std::uint64_t{rows} * config.rows);
  for (std::uint64_t k = 0; k < config.rows; ++k) {
    activations[k * config.rows + k] = 1;
  }
  test.output = activations.size();
  test.program.nodes = {"self-test"};
  test.program.space_bytes = {weights.size(),
                              activations.size() + std::uint64_t{rows} * config.columns};
  test.program.image = {{isa::Space::Weights, 0, std::move(weights)},
                        {isa::Space::Activations, 0, std::move(activations)}};

  Schedule schedule(append_to(test.program.commands));
  const CommandId parameters =
      schedule.append(load_block(isa::Space::Weights, tile, 0, channels.size()), {});
  schedule.append(isa::SetChannels{0, config.columns}, {}, {parameters});
  schedule.append(isa::LoadWeights{isa::Space::Weights, 0, config.rows, config.columns}, {});
  std::optional<CommandId> before;
  const std::uint32_t chunk = std::max(1U, chunk_rows(config));
  for (std::uint32_t first = 0; first < rows; first += chunk) {
    append_chunk(config, schedule, first, std::min(chunk, rows - first), before);
  }
  schedule.finish();
  return test;
}

/// Rows of sums whose results fit the buffer behind parameters and activations.
std::uint32_t drained_chunk(const ArrayConfig& config) {
  const std::uint64_t taken = std::uint64_t{isa::kChannelPlanes} * config.columns + config.rows;
  const std::uint64_t capacity = config.unified_buffer.count();
  const std::uint64_t fit = capacity > taken ? (capacity - taken) / config.columns : 0;
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(fit, 1, config.rows));
}

/// Two steps: the first with activations `value` and weights from `tile` on, the second with zeros;
/// then the sums go to `target` of the activations space.
void append_product(const ArrayConfig& config, Schedule& schedule, std::uint64_t value,
                    std::uint64_t tile, std::uint64_t target, std::optional<CommandId>& before) {
  const std::uint64_t in = std::uint64_t{isa::kChannelPlanes} * config.columns;
  const std::uint64_t out = in + config.rows;
  CommandId sums;
  for (const bool first : {true, false}) {
    const std::uint64_t memory = first ? value : 0;
    const CommandId loaded =
        schedule.append(load_block(isa::Space::Activations, memory, in, config.rows), {}, {before});
    schedule.append(isa::LoadWeights{isa::Space::Weights, first ? tile : 0, 1, config.columns}, {});
    const isa::MatmulInPlace matmul{{in, config.rows, 1}, 1, config.columns, 0, first, !first};
    sums = schedule.append(matmul, {}, {loaded, before});
    before = sums;
  }
  for (std::uint32_t row = 0; row < config.rows; row += drained_chunk(config)) {
    const std::uint32_t rows = std::min(drained_chunk(config), config.rows - row);
    isa::Activate activate;
    activate.accumulator = row;
    activate.columns = config.columns;
    activate.buffer = {out, rows, config.columns};
    const CommandId values = schedule.append(activate, {}, {sums, before});
    isa::Store store;
    store.memory = {target + std::uint64_t{row} * config.columns, rows, config.columns};
    store.buffer = {out, rows, config.columns};
    store.piece_bytes = config.columns;
    before = schedule.append(store, {}, {values});
  }
}

SelfTest make_in_place_test(const ArrayConfig& config) {
  SelfTest test;
  const std::uint64_t columns = config.columns;
  // A row of zeros, a row of -1, and the parameters; a column of zeros, and one of ones.
  std::vector<std::uint8_t> weights(2 * columns);
  std::fill_n(weights.begin() + static_cast<std::ptrdiff_t>(columns), columns, std::uint8_t{0xff});
  const std::vector<std::uint8_t> channels = identity_channels(config.columns);
  weights.insert(weights.end(), channels.begin(), channels.end());
  std::vector<std::uint8_t> activations(config.rows);
  activations.resize(2 * std::size_t{config.rows}, 1);
  test.output = activations.size();
  const std::uint64_t results = config.rows * columns;
  test.program.nodes = {"self-test"};
  test.program.space_bytes = {weights.size(), test.output + 2 * results};
  test.program.image = {{isa::Space::Weights, 0, std::move(weights)},
                        {isa::Space::Activations, 0, std::move(activations)}};
  Schedule schedule(append_to(test.program.commands));
  const CommandId parameters =
      schedule.append(load_block(isa::Space::Weights, 2 * columns, 0, channels.size()), {});
  schedule.append(isa::SetChannels{0, config.columns}, {}, {parameters});
  std::optional<CommandId> before;
  append_product(config, schedule, 0, 0, test.output, before);
  append_product(config, schedule, config.rows, columns, test.output + results, before);
  schedule.finish();
  return test;
}

std::vector<FaultyPe> stationary_faults(const ArrayConfig& config,
                                        std::span<const std::uint8_t> sums) {
  std::vector<FaultyPe> faults;
  for (std::uint32_t column = 0; column < config.columns; ++column) {
    std::uint32_t wrong = 0;
    for (std::uint64_t k = 0; k < config.rows; ++k) {
      wrong += static_cast<std::int8_t>(sums[k * config.columns + column]) != -1 ? 1 : 0;
    }
    const bool stuck_at_one = sums[std::uint64_t{config.rows} * config.columns + column] != 0;
    if (stuck_at_one) {
      faults.push_back({config.rows - 1 - std::min(wrong, config.rows - 1), column, true});
    } else if (wrong > 0) {
      faults.push_back({wrong - 1, column, false});
    }
  }
  return faults;
}

std::vector<FaultyPe> in_place_faults(const ArrayConfig& config,
                                      std::span<const std::uint8_t> sums) {
  std::vector<FaultyPe> faults;
  const std::size_t pes = std::size_t{config.rows} * config.columns;
  for (std::size_t pe = 0; pe < pes; ++pe) {
    const bool stuck_at_one = sums[pe] != 0;
    if (stuck_at_one || sums[pes + pe] != 0xff) {
      faults.push_back({static_cast<std::uint32_t>(pe / config.columns),
                        static_cast<std::uint32_t>(pe % config.columns), stuck_at_one});
    }
  }
  return faults;
}

}  // namespace

SelfTest make_self_test(const ArrayConfig& config) {
  return config.dataflow == Dataflow::OutputStationary ? make_in_place_test(config)
                                                       : make_stationary_test(config);
}

std::vector<FaultyPe> locate_faults(Device& device, const ArrayConfig& config) {
  const SelfTest test = make_self_test(config);
  MemoryImage memory(test.program);
  CommandList commands(test.program.commands);
  device.run(commands, test.program.nodes, memory, nullptr);
  const std::span<const std::uint8_t> sums =
      memory.space(isa::Space::Activations).subspan(test.output);
  return config.dataflow == Dataflow::OutputStationary ? in_place_faults(config, sums)
                                                       : stationary_faults(config, sums);
}

}  // namespace systol
