// The C boundary of a verilated library of both units: one symbol that leads to plain functions on
// plain data, so that no Verilator header and no C++ class layout crosses it.
#pragma once

#include <cstdint>

#include "hw/unit/vector_pins.h"
#include "sim/unit/matrix_unit.h"

namespace systol {

/// Raised with every change of this file or of the structs of matrix_unit.h, pins.h and
/// vector_pins.h.
inline constexpr std::uint32_t kUnitAbiVersion = 8;

/// One unit; only the library knows what it is.
struct VerilatedInstance;
struct VerilatedVectorInstance;

/// The vector unit, with as many lanes as the array has columns: as the functions below.
struct VectorUnitFunctions {
  VerilatedVectorInstance* (*create)(std::uint64_t seed);
  void (*destroy)(VerilatedVectorInstance* unit);
  int (*step)(VerilatedVectorInstance* unit, const VectorInputs* inputs, VectorOutputs* outputs);
  const char* (*error)(const VerilatedVectorInstance* unit);
};

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
  /// All PEs' sums, as in MatrixUnit.
  const std::int32_t* (*partial_sums)(const VerilatedInstance* unit);
  const std::int32_t* (*accumulators)(const VerilatedInstance* unit, std::uint32_t row);
  void (*restore)(VerilatedInstance* unit, const UnitContents* contents);
  void (*inject)(VerilatedInstance* unit, const StuckBit* fault);
  VectorUnitFunctions vector;
};

/// The type and the name of the one exported function.
using UnitLibraryEntry = const UnitLibraryFunctions*();
inline constexpr const char* kUnitLibraryEntry = "systol_unit_library";

}  // namespace systol
