#include "sim/config/array_registers.h"

namespace systol {
namespace {

/// Of an operand and its mask.
std::uint64_t lane_bits(std::uint64_t operand) { return operand + 1; }

std::uint64_t weight_lane(const ArrayConfig& config) { return lane_bits(weight_bits(config)); }

}  // namespace

std::uint64_t pes(const ArrayConfig& config) { return std::uint64_t{config.rows} * config.columns; }

std::uint64_t weight_bits(const ArrayConfig& config) { return isa::stored_weight_bits(config.pe); }

std::uint64_t triangle(std::uint64_t lanes) { return lanes * (lanes - 1) / 2; }

std::uint64_t pe_bits_per_row(const ArrayConfig& config) {
  const std::uint64_t weight = sums_in_place(config) ? weight_lane(config) : 0;
  return pes(config) * (lane_bits(operand_bits(config)) + weight + kSumBits);
}

std::uint64_t feed_skew_bits(const ArrayConfig& config) {
  const std::uint64_t weights =
      sums_in_place(config) ? triangle(config.columns) * weight_lane(config) : 0;
  return triangle(config.rows) * lane_bits(operand_bits(config)) + weights;
}

std::uint64_t shadow_bits_per_row(const ArrayConfig& config) {
  return sums_in_place(config) ? 0 : config.columns * weight_lane(config);
}

std::uint64_t weight_skew_bits(const ArrayConfig& config) {
  return sums_in_place(config) ? 0 : triangle(config.columns) * weight_lane(config);
}

std::uint64_t active_bits(const ArrayConfig& config) {
  return config.rows * shadow_bits_per_row(config);
}

std::uint64_t deskew_bits(const ArrayConfig& config) {
  return (config.columns + triangle(config.columns)) * kSumBits;
}

std::uint64_t drain_bits(const ArrayConfig& config) {
  return (config.rows + triangle(config.rows)) * config.columns * kSumBits;
}

std::uint64_t pe_register_bits(const ArrayConfig& config) {
  const std::uint64_t rest =
      sums_in_place(config) ? pes(config) * kSumBits : 2 * active_bits(config);
  return pe_bits_per_row(config) + rest;
}

std::uint64_t skew_register_bits(const ArrayConfig& config) {
  return feed_skew_bits(config) + weight_skew_bits(config) + deskew_bits(config);
}

std::uint64_t array_register_bits(const ArrayConfig& config) {
  return pe_register_bits(config) + skew_register_bits(config);
}

}  // namespace systol
