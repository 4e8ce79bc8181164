// The closed forms of hw/TIMING.md that the parts around the matrix unit need.
#pragma once

#include <cstdint>

#include "hw/isa/command.h"
#include "sim/base/units.h"
#include "sim/config/array_config.h"

namespace systol::timing {

constexpr std::uint64_t ceil_divide(std::uint64_t a, std::uint64_t b) { return (a + b - 1) / b; }

/// From the cycle in which a matmul's first row is fed to the first in which all its accumulator
/// rows can be read: M + R + C.
constexpr Cycles matmul_latency(std::uint32_t m, std::uint32_t rows, std::uint32_t columns) {
  return Cycles(std::uint64_t{m} + rows + columns);
}

/// From the cycle in which the first of `depth` steps of a product in place is fed to the first in
/// which its drained sums can be read: depth + 2R + C - 1.
constexpr Cycles output_stationary_latency(std::uint32_t depth, std::uint32_t rows,
                                           std::uint32_t columns) {
  return Cycles(std::uint64_t{depth} + 2 * std::uint64_t{rows} + columns - 1);
}

/// From the cycle in which an accumulator row is presented to the first in which its result is in
/// the unified buffer.
inline constexpr Cycles kActivationLatency{6};

/// The same with a row of the buffer that is added: it is weighed, and the sum is shifted.
inline constexpr Cycles kAdditionLatency = kActivationLatency + Cycles(2);

/// Two additions to one accumulator row must be fed at least this far apart: the second reads what
/// the first wrote.
inline constexpr Cycles kAccumulateDistance{2};

constexpr Cycles set_channels_time() { return Cycles(isa::kChannelPlanes); }

constexpr Cycles set_table_time(std::uint32_t columns) {
  return Cycles(ceil_divide(isa::kTableEntries, columns));
}

/// From the cycle in which the last place of a window is on the vector unit's pins to the first in
/// which its result is in the unified buffer.
inline constexpr Cycles kLaneLatency{8};

inline constexpr std::uint64_t kSoftmaxReciprocalBits = 40;

/// One row of `n` logits on `lanes` lanes: a pass for the maximum, one for the exponentials and
/// their sum, one to scale and write, and a divider that yields a bit of the reciprocal a cycle.
constexpr Cycles softmax_row_time(std::uint32_t n, std::uint32_t lanes) {
  return Cycles(3 * ceil_divide(n, lanes) + kSoftmaxReciprocalBits);
}

/// A pass over some of a row's logits; the sum's last one ends with its reciprocal.
inline Cycles softmax_part_time(const isa::SoftmaxPart& part, std::uint32_t lanes) {
  const bool divides = part.pass == isa::SoftmaxPass::Sum && part.last;
  return Cycles(ceil_divide(part.columns, lanes) + (divides ? kSoftmaxReciprocalBits : 0));
}

/// One row of `n` values on `lanes` lanes: a pass for the sums, one that writes, and between them a
/// square root and its reciprocal, a bit a cycle.
constexpr Cycles normalise_row_time(std::uint32_t n, std::uint32_t lanes) {
  constexpr std::uint64_t kRootBits = 32;
  constexpr std::uint64_t kReciprocalBits = 47;
  return Cycles(2 * ceil_divide(n, lanes) + kRootBits + kReciprocalBits);
}

/// `vector` on `lanes` lanes: the table, then for each group of lanes its channels, a cycle for
/// each place of each piece's window, and the way to the buffer. With channels a group waits for
/// the one before it to be done.
inline Cycles vector_time(const isa::Vector& op, std::uint32_t lanes) {
  const std::uint64_t groups = ceil_divide(op.columns, lanes);
  const std::uint64_t places = op.pieces() * op.window();
  const std::uint64_t drain = (kLaneLatency - Cycles(1)).count();
  const std::uint64_t table = op.table ? set_table_time(lanes).count() : 0;
  return Cycles(table + (op.channels ? groups * (isa::kChannelPlanes + places + drain)
                                     : groups * places + drain));
}

/// What a tile's way from the memory to the FIFO carries.
constexpr Bytes fetched_bytes(const isa::LoadWeights& load, const ArrayConfig& config) {
  const bool whole = config.tile_fetch == TileFetch::Whole;
  return Bytes(whole ? isa::tile_bytes(config.rows, config.columns, config.pe)
                     : isa::tile_bytes(load.rows, load.columns, config.pe));
}

/// A tile goes from the unified buffer to the FIFO one row a cycle.
inline Cycles load_tile_time(const isa::LoadTile& tile) { return Cycles(tile.rows()); }

/// How long a command of the matrix unit feeds.
inline Cycles feed_time(const isa::Operation& operation) {
  return Cycles(isa::feed_steps(operation));
}

/// From the start of a command of the matrix unit to its completion.
inline Cycles matrix_latency(const isa::Operation& operation, std::uint32_t rows,
                             std::uint32_t columns) {
  const std::uint32_t feed = isa::feed_steps(operation);
  return std::holds_alternative<isa::Matmul>(operation)
             ? matmul_latency(feed, rows, columns)
             : output_stationary_latency(feed, rows, columns);
}

/// How long the activation unit is busy with one of its commands.
inline Cycles activate_unit_time(const isa::Operation& operation, std::uint32_t columns) {
  if (const auto* activate = std::get_if<isa::Activate>(&operation)) {
    return Cycles(activate->rows()) + kActivationLatency - Cycles(1);
  }
  if (const auto* activate = std::get_if<isa::ActivateSigns>(&operation)) {
    return Cycles(activate->rows()) + kActivationLatency - Cycles(1);
  }
  if (const auto* activate = std::get_if<isa::ActivateAdd>(&operation)) {
    return Cycles(activate->rows()) + kAdditionLatency - Cycles(1);
  }
  if (const auto* activate = std::get_if<isa::ActivateFloat>(&operation)) {
    return Cycles(activate->rows()) + kActivationLatency - Cycles(1);
  }
  if (const auto* transposed = std::get_if<isa::ActivateTransposed>(&operation)) {
    return Cycles(transposed->rows) + kActivationLatency - Cycles(1);
  }
  return std::holds_alternative<isa::SetTable>(operation) ? set_table_time(columns)
                                                          : set_channels_time();
}

/// How long the vector unit is busy with one of its commands.
inline Cycles vector_unit_time(const isa::Operation& operation, std::uint32_t columns) {
  if (const auto* softmax = std::get_if<isa::Softmax>(&operation)) {
    return softmax_row_time(softmax->columns, columns) * std::uint64_t{softmax->rows()};
  }
  if (const auto* part = std::get_if<isa::SoftmaxPart>(&operation)) {
    return softmax_part_time(*part, columns);
  }
  if (const auto* normalise = std::get_if<isa::Normalise>(&operation)) {
    return normalise_row_time(normalise->columns, columns) * normalise->rows();
  }
  return vector_time(std::get<isa::Vector>(operation), columns);
}

}  // namespace systol::timing
