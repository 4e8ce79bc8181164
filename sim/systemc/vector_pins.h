// The vector unit's pins as SystemC signals carry them, as sim/systemc/pins.h has the matrix
// unit's.
#pragma once

#include "hw/unit/vector_pins.h"
#include "sim/systemc/pins.h"

namespace systol {

#define SYSTOL_PIN(group, name, type, bits, span) type name{};
struct VectorTablePins {
  SYSTOL_VECTOR_TABLE_PINS(SYSTOL_PIN)
  bool operator==(const VectorTablePins&) const = default;
};

struct VectorChannelPins {
  SYSTOL_VECTOR_CHANNEL_PINS(SYSTOL_PIN)
  bool operator==(const VectorChannelPins&) const = default;
};

struct VectorOperandPins {
  SYSTOL_VECTOR_OPERAND_PINS(SYSTOL_PIN)
  bool operator==(const VectorOperandPins&) const = default;
};

struct VectorResultPins {
  SYSTOL_VECTOR_RESULT_PINS(SYSTOL_PIN)
  bool operator==(const VectorResultPins&) const = default;
};
#undef SYSTOL_PIN

}  // namespace systol
