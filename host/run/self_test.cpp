#include "host/run/self_test.h"

#include <fmt/format.h>

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

/// The weight that makes an addend of -1 of an activation of 1, and one of 0 of an activation of 0.
std::uint8_t unit_weight(isa::PeType pe) {
  return isa::describe(pe).operation == isa::PeOperation::AbsoluteDifference ? 0 : 0xff;
}

/// Values of an activation row that fills the PE rows, and which of them PE row `row` meets: of
/// sparse weights the first two places of each group.
std::uint64_t row_values(const ArrayConfig& config) {
  return std::uint64_t{config.rows} * isa::lane_values(config.pe);
}
std::uint64_t value_of_row(const ArrayConfig& config, std::uint64_t row) {
  return isa::is_sparse(config.pe)
             ? row / isa::kGroupRows * isa::kGroupValues + row % isa::kGroupRows
             : row;
}

/// A tile of unit weights, which all have all bits set where they are packed.
std::vector<std::uint8_t> unit_tile(const ArrayConfig& config) {
  constexpr std::uint8_t kIndicesOfOne = 0x55;
  const std::uint64_t row_bytes =
      isa::is_sparse(config.pe) ? isa::weight_row_bytes(config.columns, config.pe) : config.columns;
  std::vector<std::uint8_t> tile(config.rows * row_bytes, unit_weight(config.pe));
  for (std::uint64_t row = 0; row < config.rows; ++row) {
    std::fill(tile.begin() + static_cast<std::ptrdiff_t>(row * row_bytes + config.columns),
              tile.begin() + static_cast<std::ptrdiff_t>((row + 1) * row_bytes),
              row % isa::kGroupRows == 0 ? std::uint8_t{0} : kIndicesOfOne);
  }
  return tile;
}

/// Rows of activations that fit the accumulators and the buffer at once.
std::uint32_t chunk_rows(const ArrayConfig& config) {
  const std::uint64_t parameters = std::uint64_t{isa::kChannelPlanes} * config.columns;
  const std::uint64_t fit =
      (config.unified_buffer.count() - parameters) / (row_values(config) + config.columns);
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
  const std::uint64_t depth = row_values(config);
  const std::uint64_t out = in + rows * depth;
  const isa::Origin origin{0, first, 0, 0};
  const CommandId loaded = schedule.append(
      load_block(isa::Space::Activations, first * depth, in, rows * depth), origin, {before});
  isa::Matmul matmul{{in, rows, depth}, isa::narrow(depth), config.columns, 0, false, first > 0};
  const CommandId sums = schedule.append(matmul, origin, {loaded, before});
  isa::Activate activate;
  activate.columns = config.columns;
  activate.buffer = {out, rows, config.columns};
  const CommandId values = schedule.append(activate, origin, {sums, before});
  isa::Store store;
  const std::uint64_t results = (std::uint64_t{config.rows} + 1) * depth;
  store.memory = {results + std::uint64_t{first} * config.columns, rows, config.columns};
  store.buffer = {out, rows, config.columns};
  store.piece_bytes = config.columns;
  before = schedule.append(store, origin, {values});
}

SelfTest make_stationary_test(const ArrayConfig& config) {
  SelfTest test;
  const std::uint32_t rows = config.rows + 1;
  std::vector<std::uint8_t> weights = unit_tile(config);
  const std::uint64_t tile = weights.size();
  const std::vector<std::uint8_t> channels = identity_channels(config.columns);
  weights.insert(weights.end(), channels.begin(), channels.end());
  const std::uint64_t values = row_values(config);
  std::vector<std::uint8_t> activations(rows * values);
  for (std::uint64_t k = 0; k < config.rows; ++k) {
    activations[k * values + value_of_row(config, k)] = 1;
  }
  test.output = activations.size();
  test.program.pe = config.pe;
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

/// Rows of sums whose results fit the buffer after parameters and activations.
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
    const isa::MatmulOutputStationary matmul{
        {in, config.rows, 1}, 1, config.columns, 0, first, !first};
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

SelfTest make_output_stationary_test(const ArrayConfig& config) {
  SelfTest test;
  const std::uint64_t columns = config.columns;
  // A row of zeros, a row of unit weights, and the parameters; a column of zeros, and one of ones.
  std::vector<std::uint8_t> weights(2 * columns);
  std::fill_n(weights.begin() + static_cast<std::ptrdiff_t>(columns), columns,
              unit_weight(config.pe));
  const std::vector<std::uint8_t> channels = identity_channels(config.columns);
  weights.insert(weights.end(), channels.begin(), channels.end());
  std::vector<std::uint8_t> activations(config.rows);
  activations.resize(2 * std::size_t{config.rows}, 1);
  test.output = activations.size();
  const std::uint64_t results = config.rows * columns;
  test.program.pe = config.pe;
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

/// A column's results: whether the sums that should be -1 are wrong, and the one that should be 0.
struct ColumnResults {
  std::vector<bool> wrong;  ///< by the row of the single 1
  bool zero_wrong = false;
};

/// The PE row in which one stuck bit makes the column's results what they are; none if there is no
/// such row. Wrong are all rows after that PE, and the zeros, or all rows up to it.
std::optional<std::uint32_t> stuck_row(const ColumnResults& results) {
  const auto rows = static_cast<std::uint32_t>(results.wrong.size());
  for (std::uint32_t row = 0; row < rows; ++row) {
    std::uint32_t k = 0;
    while (k < rows && results.wrong[k] == (results.zero_wrong ? k > row : k <= row)) {
      ++k;
    }
    if (k == rows) {
      return row;
    }
  }
  return std::nullopt;
}

SelfTestResult judge_columns(const ArrayConfig& config, std::span<const std::uint8_t> sums) {
  SelfTestResult result;
  for (std::uint32_t column = 0; column < config.columns; ++column) {
    ColumnResults results;
    for (std::uint64_t k = 0; k < config.rows; ++k) {
      results.wrong.push_back(sums[k * config.columns + column] != 0xff);
    }
    results.zero_wrong = sums[std::uint64_t{config.rows} * config.columns + column] != 0;
    if (!results.zero_wrong && std::ranges::count(results.wrong, true) == 0) {
      continue;
    }
    if (const std::optional<std::uint32_t> row = stuck_row(results)) {
      result.faults.push_back({*row, column, results.zero_wrong});
    } else {
      result.unexplained.push_back(column);
    }
  }
  return result;
}

/// A bit stuck at one spoils the sum of 0 alone, a bit stuck at zero that of -1.
SelfTestResult judge_pes(const ArrayConfig& config, std::span<const std::uint8_t> sums) {
  SelfTestResult result;
  const std::uint32_t pes = config.rows * config.columns;
  for (std::uint32_t pe = 0; pe < pes; ++pe) {
    const bool zero_wrong = sums[pe] != 0;
    const bool ones_wrong = sums[std::size_t{pes} + pe] != 0xff;
    if (zero_wrong && ones_wrong) {
      result.unexplained.push_back(pe);
    } else if (zero_wrong || ones_wrong) {
      result.faults.push_back({pe / config.columns, pe % config.columns, zero_wrong});
    }
  }
  return result;
}

}  // namespace

SelfTest make_self_test(const ArrayConfig& config) {
  if (isa::is_signs(config.pe)) {
    throw InputError(
        fmt::format("the PEs of '{}' add even numbers to their sums ('pe: {}'), and the self-test "
                    "needs -1; allowed: an "
                    "array whose PEs add whole numbers, as 'pe: int8'",
                    config.name, isa::describe(config.pe).name));
  }
  return config.dataflow == Dataflow::OutputStationary ? make_output_stationary_test(config)
                                                       : make_stationary_test(config);
}

SelfTestResult run_self_test(Device& device, const ArrayConfig& config) {
  const SelfTest test = make_self_test(config);
  MemoryImage memory(test.program);
  CommandList commands(test.program.commands);
  device.run(commands, test.program.nodes, memory, nullptr);
  const std::span<const std::uint8_t> sums =
      memory.space(isa::Space::Activations).subspan(test.output);
  return config.dataflow == Dataflow::OutputStationary ? judge_pes(config, sums)
                                                       : judge_columns(config, sums);
}

std::string to_text(const SelfTestResult& result, const ArrayConfig& config) {
  if (result.passed()) {
    return "the array's self-test finds no stuck bit in the partial sums; it does not test "
           "weights, "
           "multipliers, accumulators and the activation path beyond that";
  }
  const std::size_t wrong = result.faults.size() + result.unexplained.size();
  if (wrong == 1 && !result.faults.empty()) {
    const FaultyPe& fault = result.faults.front();
    return fmt::format(
        "the array's self-test locates a partial-sum bit stuck at {} in PE row {}, column {}",
        fault.stuck_at_one ? 1 : 0, fault.row, fault.column);
  }
  const bool by_pe = config.dataflow == Dataflow::OutputStationary;
  const std::uint64_t all = std::uint64_t{config.columns} * (by_pe ? config.rows : 1);
  return fmt::format(
      "the array's self-test finds wrong sums in {} of {} {}; in {} of them a partial-sum bit that "
      "is stuck in one PE would explain them, in {} it would not. It cannot tell several broken "
      "PEs "
      "from one fault in what they share: the way of the weights, the accumulators, the activation "
      "path",
      wrong, all, by_pe ? "PEs" : "columns", result.faults.size(), result.unexplained.size());
}

}  // namespace systol
