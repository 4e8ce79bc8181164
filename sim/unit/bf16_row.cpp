// The PEs and accumulators of an array of floats.
#include <bit>

#include "sim/base/vectorised.h"
#include "sim/unit/pe_row.h"

namespace systol {
namespace {

/// A product and a sum, each rounded once; of what is no number the bits are always the same.
inline std::int32_t multiplied_and_added(std::int32_t sum, Bf16 activation, Bf16 weight) {
  const float product = to_float(activation) * to_float(weight);
  return std::bit_cast<std::int32_t>(canonical(std::bit_cast<float>(sum) + product));
}

SYSTOL_VECTORISED void add_bf16_products(std::int32_t* __restrict sums,
                                         const Bf16* __restrict activations,
                                         const Bf16* __restrict weights, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    sums[i] = multiplied_and_added(sums[i], activations[i], weights[i]);
  }
}

SYSTOL_VECTORISED void add_bf16_products_masked(std::int32_t* __restrict sums,
                                                const Bf16* __restrict activations,
                                                const std::int8_t* __restrict activation_mask,
                                                const Bf16* __restrict weights,
                                                const std::int8_t* __restrict weight_mask,
                                                std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::int32_t sum = multiplied_and_added(sums[i], activations[i], weights[i]);
    sums[i] = (activation_mask[i] & weight_mask[i]) != 0 ? sum : sums[i];
  }
}

}  // namespace

PeRow<Bf16> bf16_row() { return {add_bf16_products, add_bf16_products_masked}; }

std::int32_t add_floats(std::int32_t a, std::int32_t b) {
  return std::bit_cast<std::int32_t>(canonical(std::bit_cast<float>(a) + std::bit_cast<float>(b)));
}

}  // namespace systol
