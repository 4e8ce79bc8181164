#include "sim/activity.h"

namespace systol {
namespace {

std::size_t index_of(isa::Space space) { return static_cast<std::size_t>(space); }

void count(const isa::Load& load, const ArrayConfig& /*config*/, Activity& activity) {
  const std::uint64_t bytes = load.rows * load.row_bytes;
  activity.memory_read_bytes[index_of(load.space)] += bytes;
  activity.buffer_write_bytes += bytes;
}

void count(const isa::Store& store, const ArrayConfig& /*config*/, Activity& activity) {
  const std::uint64_t bytes = store.rows * store.row_bytes;
  activity.buffer_read_bytes += bytes;
  activity.memory_write_bytes[index_of(store.space)] += bytes;
}

/// With sums in place a tile is fed, not shifted in.
void count_tile(std::uint64_t bytes, const ArrayConfig& config, Activity& activity) {
  activity.fifo_write_bytes += bytes;
  activity.fifo_read_bytes += bytes;
  activity.shifted_rows += config.dataflow == Dataflow::OutputStationary ? 0 : config.rows;
}

void count(const isa::LoadWeights& load, const ArrayConfig& config, Activity& activity) {
  const std::uint64_t bytes = std::uint64_t{load.rows} * load.columns;
  activity.memory_read_bytes[index_of(load.space)] += bytes;
  count_tile(bytes, config, activity);
}

void count(const isa::LoadTile& load, const ArrayConfig& config, Activity& activity) {
  const std::uint64_t bytes = std::uint64_t{load.rows} * load.columns;
  activity.buffer_read_bytes += bytes;
  count_tile(bytes, config, activity);
}

void count(const isa::Matmul& matmul, const ArrayConfig& config, Activity& activity) {
  const std::uint64_t slots = std::uint64_t{config.rows} * config.columns;
  const std::uint64_t useful = std::uint64_t{matmul.depth} * matmul.columns;
  const std::uint64_t words = std::uint64_t{matmul.rows} * matmul.columns;
  activity.macs_useful += matmul.rows * useful;
  activity.macs_unused += matmul.rows * (slots - useful);
  activity.fed_rows += matmul.rows;
  activity.accumulator_writes += words;
  activity.accumulator_reads += matmul.add ? words : 0;
  activity.buffer_read_bytes += std::uint64_t{matmul.rows} * matmul.depth;
}

void count(const isa::MatmulInPlace& matmul, const ArrayConfig& config, Activity& activity) {
  const std::uint64_t slots = std::uint64_t{config.rows} * config.columns;
  const std::uint64_t useful = std::uint64_t{matmul.rows} * matmul.columns;
  activity.macs_useful += matmul.depth * useful;
  activity.macs_unused += matmul.depth * (slots - useful);
  activity.fed_rows += matmul.depth;
  activity.drained_rows += matmul.drain ? config.rows : 0;
  activity.accumulator_writes += matmul.drain ? useful : 0;
  activity.buffer_read_bytes += std::uint64_t{matmul.rows} * matmul.depth;
}

void count(const isa::SetChannels& channels, const ArrayConfig& /*config*/, Activity& activity) {
  activity.buffer_read_bytes += std::uint64_t{isa::kChannelPlanes} * channels.columns;
}

void count(const isa::SetTable& /*table*/, const ArrayConfig& /*config*/, Activity& activity) {
  activity.buffer_read_bytes += isa::kTableEntries;
}

void count(const isa::Activate& activate, const ArrayConfig& /*config*/, Activity& activity) {
  const std::uint64_t values = std::uint64_t{activate.rows} * activate.columns;
  activity.accumulator_reads += values;
  activity.requantised += values;
  activity.table_lookups += activate.table ? values : 0;
  activity.buffer_write_bytes += values;
}

void count(const isa::ActivateTransposed& activate, const ArrayConfig& /*config*/,
           Activity& activity) {
  const std::uint64_t values = std::uint64_t{activate.rows} * activate.columns;
  activity.accumulator_reads += values;
  activity.requantised += values;
  activity.table_lookups += activate.table ? values : 0;
  activity.buffer_read_bytes += std::uint64_t{isa::kChannelPlanes} * activate.rows;
  activity.buffer_write_bytes += values;
}

/// The logits are read once for the maximum and once for the exponentials.
void count(const isa::Softmax& softmax, const ArrayConfig& /*config*/, Activity& activity) {
  const std::uint64_t values = std::uint64_t{softmax.rows} * softmax.columns;
  activity.softmax_elements += values;
  activity.buffer_read_bytes += 2 * values + isa::kSoftmaxTableBytes;
  activity.buffer_write_bytes += values;
}

}  // namespace

void count_actions(const isa::Operation& operation, const ArrayConfig& config, Activity& activity) {
  std::visit([&](const auto& fields) { count(fields, config, activity); }, operation);
}

}  // namespace systol
