// What a row of PEs does in one cycle.
#pragma once

#include <cstddef>
#include <cstdint>

#include "hw/isa/pe_type.h"
#include "sim/base/bf16.h"
#include "sim/unit/matrix_unit.h"
#include "sim/unit/sparse_operands.h"

namespace systol {

/// What an operand is multiplied by: a weight of its own type, but for a group.
template <class Operand>
struct WeightType {
  using Type = Operand;
};
template <>
struct WeightType<ActivationGroup> {
  using Type = SparseWeight;
};
template <class Operand>
using WeightOf = typename WeightType<Operand>::Type;

/// What a PE of one operation does, for `count` PEs side by side. Sums of integers wrap as in the
/// RTL: with a top bit stuck at 1 they can pass the ends of int32. Those of bf16 are the bits of
/// fp32.
template <class Operand>
struct PeRow {
  /// sums[i] += what activations[i] and weights[i] give.
  void (*add)(std::int32_t* __restrict sums, const Operand* __restrict activations,
              const WeightOf<Operand>* __restrict weights, std::size_t count);
  /// The same where both operands' masks are 1; where one is 0 the sum stays.
  void (*add_masked)(std::int32_t* __restrict sums, const Operand* __restrict activations,
                     const std::int8_t* __restrict activation_mask,
                     const WeightOf<Operand>* __restrict weights,
                     const std::int8_t* __restrict weight_mask, std::size_t count);
};

/// Of the operation of a type whose operands are bytes.
PeRow<std::int8_t> pe_row(isa::PeType type);

PeRow<Bf16> bf16_row();

PeRow<ActivationGroup> sparse_row();

/// The accumulator that adds the bits of two fp32.
std::int32_t add_floats(std::int32_t a, std::int32_t b);

/// to[i] = from[i] where all bits of mask[i] are 1; where they are 0 it stays.
void copy_masked(const std::int32_t* __restrict from, const std::int32_t* __restrict mask,
                 std::int32_t* __restrict to, std::size_t count);

/// What a register with this fault holds after `sum` was written.
inline std::int32_t read_through(const StuckBit& fault, std::int32_t sum) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(sum) | (1U << fault.bit));
}

}  // namespace systol
