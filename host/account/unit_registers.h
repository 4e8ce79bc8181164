// Register bits of the units around the array, as hw/rtl has them and scripts/characterise areas
// counts them.
#pragma once

#include <array>

#include "host/account/factors.h"
#include "sim/config/array_config.h"

namespace systol {

struct UnitRegisters {
  double lane = 0.0;     ///< of a column, its parameters included
  double shared = 0.0;   ///< what all lanes share
  double clocked = 0.0;  ///< of the lane's, those that a value goes through
};

// The sum with its bias, its product, the value, the result.
inline constexpr UnitRegisters kActivationRegisters{253, 502, 32 + 64 + 8 + 8};
// Two differences, two products, what a window's places are joined in; from there on a value takes
// a path as that of the activation unit, and is counted there.
inline constexpr UnitRegisters kVectorRegisters{393, 488, 2 * 17 + 2 * 49 + 64};
// The result; exponentials wait in an SRAM.
inline constexpr UnitRegisters kSoftmaxRegisters{8, 110, 8};
inline constexpr UnitRegisters kNormaliseRegisters{16, 216, 16};

/// In the order of hardware().
inline constexpr std::array<UnitRegisters, 4> kUnits = {kActivationRegisters, kVectorRegisters,
                                                        kSoftmaxRegisters, kNormaliseRegisters};

/// All of a unit.
inline double register_bits(const UnitRegisters& unit, const ArrayConfig& config) {
  return times(config.columns) * unit.lane + unit.shared;
}

/// Those that `values` clock, which go through the unit in rows of all lanes.
inline double clocked_bits(const UnitRegisters& unit, double values, const ArrayConfig& config) {
  return values * (unit.clocked + unit.shared / times(config.columns));
}

}  // namespace systol
