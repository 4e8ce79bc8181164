#include "host/account/array_registers.h"

namespace systol {

std::uint64_t pes(const ArrayConfig& config) { return std::uint64_t{config.rows} * config.columns; }

std::uint64_t weight_bits(const ArrayConfig& config) { return isa::stored_weight_bits(config.pe); }

std::uint64_t triangle(std::uint64_t lanes) { return lanes * (lanes - 1) / 2; }

std::uint64_t pe_bits_per_row(const ArrayConfig& config) {
  const std::uint64_t weight = sums_in_place(config) ? weight_bits(config) : 0;
  return pes(config) * (operand_bits(config) + weight + kSumBits);
}

std::uint64_t feed_skew_bits(const ArrayConfig& config) {
  const std::uint64_t weights =
      sums_in_place(config) ? triangle(config.columns) * weight_bits(config) : 0;
  return triangle(config.rows) * operand_bits(config) + weights;
}

std::uint64_t deskew_bits(const ArrayConfig& config) {
  return (config.columns + triangle(config.columns)) * kSumBits;
}

double drain_bits_per_row(const ArrayConfig& config) {
  return static_cast<double>(config.columns * kSumBits) *
         (1.0 + static_cast<double>(config.rows - 1) / 2.0);
}

std::uint64_t pe_register_bits(const ArrayConfig& config) {
  const std::uint64_t rest = sums_in_place(config) ? kSumBits : 2 * weight_bits(config);
  return pe_bits_per_row(config) + pes(config) * rest;
}

std::uint64_t skew_register_bits(const ArrayConfig& config) {
  const std::uint64_t weights =
      sums_in_place(config) ? 0 : triangle(config.columns) * weight_bits(config);
  return feed_skew_bits(config) + weights + deskew_bits(config);
}

std::uint64_t array_register_bits(const ArrayConfig& config) {
  return pe_register_bits(config) + skew_register_bits(config);
}

}  // namespace systol
