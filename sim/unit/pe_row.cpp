#include "sim/unit/pe_row.h"

#include "sim/base/vectorised.h"

namespace systol {
namespace {

/// The product of two int8 fits int16, where multiplying is cheap; so does a difference.
inline std::int16_t product(std::int8_t activation, std::int8_t weight) {
  return static_cast<std::int16_t>(std::int16_t{activation} * std::int16_t{weight});
}

inline std::int16_t negated_distance(std::int8_t activation, std::int8_t weight) {
  const auto difference = static_cast<std::int16_t>(activation - weight);
  return static_cast<std::int16_t>(difference < 0 ? difference : -difference);
}

/// Of 8 pairs of signs, the sum of their products: those that agree less those that differ.
inline std::int16_t agreement(std::int8_t activation, std::int8_t weight) {
  auto differ = static_cast<unsigned>(static_cast<std::uint8_t>(activation ^ weight));
  differ -= differ >> 1U & 0x55U;
  differ = (differ & 0x33U) + (differ >> 2U & 0x33U);
  differ = (differ & 0x0fU) + (differ >> 4U);
  return static_cast<std::int16_t>(8 - 2 * static_cast<int>(differ));
}

inline std::int32_t wrapped(std::int32_t sum, std::int16_t addend) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(sum) +
                                   static_cast<std::uint32_t>(addend));
}

/// Of all lanes; inlined, so that it is compiled once per instruction set with its caller.
template <std::int16_t (*addend)(std::int8_t, std::int8_t)>
[[gnu::always_inline]] inline void add(std::int32_t* __restrict sums,
                                       const std::int8_t* __restrict activations,
                                       const std::int8_t* __restrict weights, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    sums[i] = wrapped(sums[i], addend(activations[i], weights[i]));
  }
}

/// Of lanes that carry an activation and a weight.
template <std::int16_t (*addend)(std::int8_t, std::int8_t)>
[[gnu::always_inline]] inline void add_masked(std::int32_t* __restrict sums,
                                              const std::int8_t* __restrict activations,
                                              const std::int8_t* __restrict activation_mask,
                                              const std::int8_t* __restrict weights,
                                              const std::int8_t* __restrict weight_mask,
                                              std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const bool counts = (activation_mask[i] & weight_mask[i]) != 0;
    const std::int16_t term = addend(activations[i], weights[i]);
    sums[i] = wrapped(sums[i], counts ? term : std::int16_t{0});
  }
}

SYSTOL_VECTORISED void add_products(std::int32_t* sums, const std::int8_t* activations,
                                    const std::int8_t* weights, std::size_t count) {
  add<product>(sums, activations, weights, count);
}

SYSTOL_VECTORISED void add_products_masked(std::int32_t* sums, const std::int8_t* activations,
                                           const std::int8_t* activation_mask,
                                           const std::int8_t* weights,
                                           const std::int8_t* weight_mask, std::size_t count) {
  add_masked<product>(sums, activations, activation_mask, weights, weight_mask, count);
}

SYSTOL_VECTORISED void subtract_distances(std::int32_t* sums, const std::int8_t* activations,
                                          const std::int8_t* weights, std::size_t count) {
  add<negated_distance>(sums, activations, weights, count);
}

SYSTOL_VECTORISED void subtract_distances_masked(std::int32_t* sums, const std::int8_t* activations,
                                                 const std::int8_t* activation_mask,
                                                 const std::int8_t* weights,
                                                 const std::int8_t* weight_mask,
                                                 std::size_t count) {
  add_masked<negated_distance>(sums, activations, activation_mask, weights, weight_mask, count);
}

SYSTOL_VECTORISED void add_agreements(std::int32_t* sums, const std::int8_t* activations,
                                      const std::int8_t* weights, std::size_t count) {
  add<agreement>(sums, activations, weights, count);
}

SYSTOL_VECTORISED void add_agreements_masked(std::int32_t* sums, const std::int8_t* activations,
                                             const std::int8_t* activation_mask,
                                             const std::int8_t* weights,
                                             const std::int8_t* weight_mask, std::size_t count) {
  add_masked<agreement>(sums, activations, activation_mask, weights, weight_mask, count);
}

}  // namespace

PeRow<std::int8_t> pe_row(isa::PeType type) {
  if (isa::is_signs(type)) {
    return {add_agreements, add_agreements_masked};
  }
  return isa::describe(type).operation == isa::PeOperation::AbsoluteDifference
             ? PeRow<std::int8_t>{subtract_distances, subtract_distances_masked}
             : PeRow<std::int8_t>{add_products, add_products_masked};
}

SYSTOL_VECTORISED void copy_masked(const std::int32_t* __restrict from,
                                   const std::int32_t* __restrict mask, std::int32_t* __restrict to,
                                   std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    to[i] = (from[i] & mask[i]) | (to[i] & ~mask[i]);
  }
}

}  // namespace systol
