// The register bits of an array with its skew and de-skew, as hw/rtl has them: each operand has a
// bit beside it that says whether its lane carries one.
#pragma once

#include <cstdint>

#include "sim/config/array_config.h"

namespace systol {

inline constexpr std::uint64_t kSumBits = 32;

/// Of an activation.
inline std::uint64_t operand_bits(const ArrayConfig& config) {
  return isa::describe(config.pe).operand_bits *
         (isa::is_sparse(config.pe) ? isa::kGroupValues : 1);
}

inline bool sums_in_place(const ArrayConfig& config) {
  return config.dataflow == Dataflow::OutputStationary;
}

std::uint64_t pes(const ArrayConfig& config);

/// Of a weight.
std::uint64_t weight_bits(const ArrayConfig& config);

/// 0 + 1 + ... + (lanes - 1): the registers of a skew triangle.
std::uint64_t triangle(std::uint64_t lanes);

/// Bits that what is fed in a cycle clocks in the PEs: activations go right, sums go down; with
/// sums in place both operands move, and the sum is written where it is.
std::uint64_t pe_bits_per_row(const ArrayConfig& config);

/// Bits that it clocks in the skew.
std::uint64_t feed_skew_bits(const ArrayConfig& config);

/// Bits that a weight row clocks in its row's shadow registers, and in the weights' skew; 0 with
/// sums in place.
std::uint64_t shadow_bits_per_row(const ArrayConfig& config);
std::uint64_t weight_skew_bits(const ArrayConfig& config);

/// Bits that a tile clocks in the PEs as it becomes active; 0 with sums in place.
std::uint64_t active_bits(const ArrayConfig& config);

/// Bits that a row of sums clocks in the output register and the de-skew.
std::uint64_t deskew_bits(const ArrayConfig& config);

/// Bits that the sums of all PE rows clock on their way down: each is copied once, and that of PE
/// row r passes R - 1 - r more.
std::uint64_t drain_bits(const ArrayConfig& config);

/// All bits of the PEs: besides, active and shadow weights, or sums on their way out.
std::uint64_t pe_register_bits(const ArrayConfig& config);

/// All bits of the skew of activations and weights and of the de-skew of sums.
std::uint64_t skew_register_bits(const ArrayConfig& config);

/// Both: what the clock tree acts on.
std::uint64_t array_register_bits(const ArrayConfig& config);

}  // namespace systol
