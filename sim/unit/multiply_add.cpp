#include "sim/unit/multiply_add.h"

#include "sim/base/vectorised.h"

namespace systol {

/// The product of two int8 fits int16, where multiplying is cheap.
SYSTOL_VECTORISED void multiply_add(std::int32_t* __restrict sums,
                                    const std::int8_t* __restrict activations,
                                    const std::int8_t* __restrict weights, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto product = static_cast<std::int16_t>(static_cast<std::int16_t>(activations[i]) *
                                                   static_cast<std::int16_t>(weights[i]));
    sums[i] = static_cast<std::int32_t>(static_cast<std::uint32_t>(sums[i]) +
                                        static_cast<std::uint32_t>(product));
  }
}

SYSTOL_VECTORISED void multiply_add_masked(std::int32_t* __restrict sums,
                                           const std::int8_t* __restrict activations,
                                           const std::int8_t* __restrict activation_mask,
                                           const std::int8_t* __restrict weights,
                                           const std::int8_t* __restrict weight_mask,
                                           std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto product = static_cast<std::int16_t>(static_cast<std::int16_t>(activations[i]) *
                                                   static_cast<std::int16_t>(weights[i]));
    const bool counts = (activation_mask[i] & weight_mask[i]) != 0;
    sums[i] = static_cast<std::int32_t>(static_cast<std::uint32_t>(sums[i]) +
                                        static_cast<std::uint32_t>(counts ? product : 0));
  }
}

SYSTOL_VECTORISED void copy_masked(const std::int32_t* __restrict from,
                                   const std::int32_t* __restrict mask, std::int32_t* __restrict to,
                                   std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    to[i] = (from[i] & mask[i]) | (to[i] & ~mask[i]);
  }
}

}  // namespace systol
