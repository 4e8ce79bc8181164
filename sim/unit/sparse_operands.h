// The operands of PEs with sparse weights: four activations together, and a weight that names one.
#pragma once

#include <cstdint>

#include "hw/isa/pe_type.h"

namespace systol {

/// A group of activations, the first in the lowest byte.
struct ActivationGroup {
  std::uint32_t bytes = 0;
};
static_assert(sizeof(ActivationGroup) == isa::kGroupValues);

/// As on its lane of the pins: the weight in the lower byte, above it the bits of its index.
struct SparseWeight {
  std::uint16_t bits = 0;
};

constexpr std::int8_t picked(ActivationGroup group, SparseWeight weight) {
  const std::uint32_t index = std::uint32_t{weight.bits} >> 8U & (isa::kGroupValues - 1);
  return static_cast<std::int8_t>(group.bytes >> 8U * index & 0xffU);
}

constexpr std::int8_t kept(SparseWeight weight) {
  return static_cast<std::int8_t>(weight.bits & 0xffU);
}

}  // namespace systol
