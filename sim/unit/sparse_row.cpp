// The PEs of an array of sparse weights.
#include "sim/base/vectorised.h"
#include "sim/unit/pe_row.h"

namespace systol {
namespace {

inline std::int32_t selected_and_added(std::int32_t sum, ActivationGroup group,
                                       SparseWeight weight) {
  const std::int32_t product = picked(group, weight) * kept(weight);
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(sum) +
                                   static_cast<std::uint32_t>(product));
}

SYSTOL_VECTORISED void add_selected(std::int32_t* __restrict sums,
                                    const ActivationGroup* __restrict activations,
                                    const SparseWeight* __restrict weights, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    sums[i] = selected_and_added(sums[i], activations[i], weights[i]);
  }
}

SYSTOL_VECTORISED void add_selected_masked(std::int32_t* __restrict sums,
                                           const ActivationGroup* __restrict activations,
                                           const std::int8_t* __restrict activation_mask,
                                           const SparseWeight* __restrict weights,
                                           const std::int8_t* __restrict weight_mask,
                                           std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const bool counts = (activation_mask[i] & weight_mask[i]) != 0;
    const std::int32_t sum = selected_and_added(sums[i], activations[i], weights[i]);
    sums[i] = counts ? sum : sums[i];
  }
}

}  // namespace

PeRow<ActivationGroup> sparse_row() { return {add_selected, add_selected_masked}; }

}  // namespace systol
