// The C boundary of a verilated matrix-unit library: one symbol that leads to plain functions on
// plain data, so that no Verilator header and no C++ class layout crosses it.
#pragma once

#include <cstdint>

#include "sim/unit/matrix_unit.h"

namespace systol {

/// Raised with every change of this file or of the structs of matrix_unit.h and pins.h.
inline constexpr std::uint32_t kUnitAbiVersion = 3;

/// One unit; only the library knows what it is.
struct VerilatedInstance;

struct UnitLibraryFunctions {
  std::uint32_t abi_version;
  UnitShape shape;
  /// A unit after reset. What reset does not touch is zero, or random bits if `seed` is not 0.
  /// Null when there is no memory for it.
  VerilatedInstance* (*create)(std::uint64_t seed);
  void (*destroy)(VerilatedInstance* unit);
  /// One clock edge. Not 0 if an assertion of the RTL failed: `error` then says which.
  int (*step)(VerilatedInstance* unit, const UnitInputs* inputs, UnitOutputs* outputs);
  const char* (*error)(const VerilatedInstance* unit);
  void (*pe)(const VerilatedInstance* unit, std::uint32_t row, std::uint32_t column,
             PeRegisters* registers);
  const std::int32_t* (*accumulators)(const VerilatedInstance* unit, std::uint32_t row);
  void (*restore)(VerilatedInstance* unit, const UnitContents* contents);
  void (*inject)(VerilatedInstance* unit, const StuckBit* fault);
};

/// The type and the name of the one exported function.
using UnitLibraryEntry = const UnitLibraryFunctions*();
inline constexpr const char* kUnitLibraryEntry = "systol_unit_library";

}  // namespace systol
