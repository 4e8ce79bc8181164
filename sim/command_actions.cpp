#include "sim/command_actions.h"

#include "sim/config/array_registers.h"
#include "sim/timing.h"

namespace systol {
namespace {

using enum Action;

void count(const isa::Load& load, const ArrayConfig& /*config*/, Activity& activity) {
  const std::uint64_t bytes = load.bytes();
  activity[memory_read(load.space)] += bytes;
  activity[BufferWriteBytes] += bytes;
}

void count(const isa::Store& store, const ArrayConfig& /*config*/, Activity& activity) {
  const std::uint64_t bytes = store.bytes();
  activity[BufferReadBytes] += bytes;
  activity[memory_write(store.space)] += bytes;
}

/// A tile is shifted in as a whole, padding without operands; with sums in place it leaves the FIFO
/// as it is fed.
void count_tile(std::uint64_t written, std::uint64_t bytes, const ArrayConfig& config,
                Activity& activity) {
  const bool shifts = config.dataflow != Dataflow::OutputStationary;
  activity[FifoWriteBytes] += written;
  activity[FifoReadBytes] += shifts ? bytes : 0;
  activity[ShiftedRows] += shifts ? config.rows : 0;
  activity[PeClockedBits] += config.rows * shadow_bits_per_row(config);
  activity[SkewClockedBits] += config.rows * weight_skew_bits(config);
}

void count(const isa::LoadWeights& load, const ArrayConfig& config, Activity& activity) {
  const std::uint64_t fetched = timing::fetched_bytes(load, config).count();
  activity[memory_read(load.space)] += fetched;
  count_tile(fetched, isa::tile_bytes(load.rows, load.columns, config.pe), config, activity);
}

void count(const isa::LoadTile& load, const ArrayConfig& config, Activity& activity) {
  const std::uint64_t bytes =
      std::uint64_t{load.rows()} * load.columns() * isa::value_bytes(config.pe);
  activity[BufferReadBytes] += bytes;
  count_tile(bytes, bytes, config, activity);
}

void count(const isa::Matmul& matmul, const ArrayConfig& config, Activity& activity) {
  const std::uint64_t slots = std::uint64_t{config.rows} * config.columns;
  const std::uint64_t useful =
      isa::fed_depth(matmul.depth, matmul.segments, config.pe) * matmul.columns;
  const std::uint64_t words = std::uint64_t{matmul.rows()} * matmul.columns;
  activity[MacsUseful] += matmul.rows() * useful;
  activity[MacsUnused] += matmul.rows() * (slots - useful);
  activity[FedValues] += matmul.rows() * isa::fed_values(matmul.depth, matmul.segments, config.pe);
  activity[FedRows] += matmul.rows();
  activity[PeClockedBits] +=
      matmul.rows() * pe_bits_per_row(config) + (matmul.reuse ? 0 : active_bits(config));
  activity[SkewClockedBits] += matmul.rows() * (feed_skew_bits(config) + deskew_bits(config));
  activity[AccumulatorWrites] += words;
  activity[AccumulatorReads] += matmul.add ? words : 0;
  activity[BufferReadBytes] +=
      std::uint64_t{matmul.rows()} * matmul.depth * isa::value_bytes(config.pe);
}

void count(const isa::MatmulOutputStationary& matmul, const ArrayConfig& config,
           Activity& activity) {
  const std::uint64_t slots = std::uint64_t{config.rows} * config.columns;
  const std::uint64_t useful = std::uint64_t{matmul.rows()} * matmul.columns;
  activity[MacsUseful] += matmul.depth * useful;
  activity[MacsUnused] += matmul.depth * (slots - useful);
  activity[FedValues] += matmul.rows() * isa::fed_values(matmul.depth, matmul.segments, config.pe);
  activity[FedRows] += matmul.depth;
  activity[PeClockedBits] +=
      matmul.depth * pe_bits_per_row(config) + (matmul.drain ? drain_bits(config) : 0);
  activity[SkewClockedBits] += matmul.depth * feed_skew_bits(config) +
                               (matmul.drain ? config.rows * deskew_bits(config) : 0);
  activity[FifoReadBytes] += isa::tile_bytes(matmul.depth, matmul.columns, config.pe);
  activity[DrainedRows] += matmul.drain ? config.rows : 0;
  activity[AccumulatorWrites] += matmul.drain ? useful : 0;
  activity[BufferReadBytes] += std::uint64_t{matmul.rows()} * matmul.depth;
}

void count(const isa::SetChannels& channels, const ArrayConfig& /*config*/, Activity& activity) {
  activity[BufferReadBytes] += std::uint64_t{isa::kChannelPlanes} * channels.columns;
}

void count(const isa::SetTable& /*table*/, const ArrayConfig& /*config*/, Activity& activity) {
  activity[BufferReadBytes] += isa::kTableEntries;
}

void count(const isa::Activate& activate, const ArrayConfig& /*config*/, Activity& activity) {
  const std::uint64_t values = std::uint64_t{activate.rows()} * activate.columns;
  activity[AccumulatorReads] += values;
  activity[Requantised] += values;
  activity[TableLookups] += activate.requantisation.table ? values : 0;
  activity[BufferWriteBytes] += values;
}

void count(const isa::ActivateSigns& activate, const ArrayConfig& /*config*/, Activity& activity) {
  const std::uint64_t values = std::uint64_t{activate.rows()} * activate.columns;
  activity[AccumulatorReads] += values;
  activity[Requantised] += values;
  activity[TableLookups] += activate.requantisation.table ? values : 0;
  activity[BufferWriteBytes] += std::uint64_t{activate.rows()} * activate.row_bytes();
}

/// As a sum of two on the vector unit, but one operand comes from the accumulators.
void count(const isa::ActivateAdd& activate, const ArrayConfig& /*config*/, Activity& activity) {
  const std::uint64_t values = std::uint64_t{activate.rows()} * activate.columns;
  activity[AccumulatorReads] += values;
  activity[Requantised] += 2 * values;
  activity[VectorOperations] += values;
  activity[VectorMultiplications] += values * isa::multiplications(isa::LaneOperation::Add);
  activity[TableLookups] += activate.requantisation.table ? values : 0;
  activity[BufferReadBytes] += values;
  activity[BufferWriteBytes] += values;
}

/// Sums are rounded, not requantised.
void count(const isa::ActivateFloat& activate, const ArrayConfig& /*config*/, Activity& activity) {
  const std::uint64_t values = std::uint64_t{activate.rows()} * activate.columns;
  activity[AccumulatorReads] += values;
  activity[BufferWriteBytes] += values * activate.value_bytes();
}

void count(const isa::ActivateTransposed& activate, const ArrayConfig& /*config*/,
           Activity& activity) {
  const std::uint64_t values = std::uint64_t{activate.rows} * activate.columns();
  activity[AccumulatorReads] += values;
  activity[Requantised] += values;
  activity[TableLookups] += activate.requantisation.table ? values : 0;
  activity[BufferReadBytes] += std::uint64_t{isa::kChannelPlanes} * activate.rows;
  activity[BufferWriteBytes] += values;
}

/// The logits are read once for the maximum and once for the exponentials.
void count(const isa::Softmax& softmax, const ArrayConfig& /*config*/, Activity& activity) {
  const std::uint64_t values = std::uint64_t{softmax.rows()} * softmax.columns;
  activity[SoftmaxElements] += values;
  activity[BufferReadBytes] += 2 * values + isa::kSoftmaxTableBytes;
  activity[BufferWriteBytes] += values;
}

void count(const isa::SoftmaxPart& part, const ArrayConfig& /*config*/, Activity& activity) {
  const std::uint64_t shares = part.writes() ? part.columns : 0;
  activity[SoftmaxElements] += shares;
  activity[BufferReadBytes] += part.columns + (part.reads_table() ? isa::kSoftmaxTableBytes : 0);
  activity[BufferWriteBytes] += shares;
}

/// A group of lanes reads its planes once, every place of every window its operands.
void count(const isa::Vector& op, const ArrayConfig& /*config*/, Activity& activity) {
  const std::uint64_t values = op.pieces() * op.columns;
  const std::uint64_t places = values * op.window();
  activity[VectorOperations] += places;
  activity[VectorMultiplications] += places * isa::multiplications(op.operation);
  activity[Requantised] += values;
  activity[TableLookups] += op.table ? values : 0;
  activity[BufferReadBytes] +=
      (isa::reads_a(op.operation) ? isa::Vector::bytes(op.wide_a, places) : 0) +
      (isa::reads_b(op.operation) ? isa::Vector::bytes(op.wide_b, places) : 0) +
      (op.channels ? std::uint64_t{isa::kChannelPlanes} * op.columns : 0) +
      (op.table ? isa::kTableEntries : 0);
  activity[BufferWriteBytes] += isa::Vector::bytes(op.wide_destination, values);
}

/// The values are read once for the sums and once to be written.
void count(const isa::Normalise& op, const ArrayConfig& /*config*/, Activity& activity) {
  const std::uint64_t values = op.rows() * op.columns;
  activity[NormalisedElements] += values;
  activity[BufferReadBytes] += 2 * values;
  activity[BufferWriteBytes] += isa::Vector::bytes(true, values);
}

}  // namespace

void count_actions(const isa::Operation& operation, const ArrayConfig& config, Activity& activity) {
  std::visit([&](const auto& fields) { count(fields, config, activity); }, operation);
}

}  // namespace systol
