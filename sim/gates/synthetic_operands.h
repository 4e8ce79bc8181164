// Operands that are drawn: what a PE's energy is fitted to.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/unit/matrix_unit.h"

namespace systol::gates {

/// How values come one after another in a lane: int8, or bf16.
struct ValueDistribution {
  enum class Kind : std::uint8_t {
    Uniform,    ///< all int8 alike
    Normal,     ///< zero + N(0, deviation), rounded; int8 clamped
    Rectified,  ///< `zero` with probability `zeros`, else zero + |N(0, deviation)|
    Walk,       ///< the value before plus N(0, deviation): neighbours of an image
    Saturated,  ///< tanh(N(0, deviation)), of floating-point numbers: a recurrent layer's state
    Repeated,   ///< the value before with probability `zeros`, else N(0, deviation)
  };
  Kind kind = Kind::Uniform;
  double deviation = 0.0;
  double zeros = 0.0;
  int zero = 0;
};

struct SyntheticOperands {
  std::string name;
  ValueDistribution activations;
  ValueDistribution weights;
  /// Activation rows that meet one weight tile; with sums in place a product's steps.
  std::uint32_t rows_of_tile = 64;
  double depth = 1.0;       ///< the part of the PE rows that has work
  double columns = 1.0;     ///< the part of the PE columns that has work
  std::uint32_t pause = 0;  ///< cycles without a row after each tile
};

/// The sets that the fit sees: distributions, tile lengths, ragged tiles, pauses. The first is what
/// an operation is charged for of which nothing else is known: uniform int8, or bf16 of a normal
/// distribution (of uniform bits most sums would be infinite or not a number).
const std::vector<SyntheticOperands>& synthetic_operands(isa::PeType pe);

/// Feeds `unit` with so many cycles of tiles, or of products in place, each as soon as the machine
/// could.
void drive(MatrixUnit& unit, const UnitShape& shape, const SyntheticOperands& operands,
           std::uint64_t cycles, std::uint64_t seed);

}  // namespace systol::gates
