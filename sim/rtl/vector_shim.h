// The vector unit's part of a library: included by unit_shim.cpp alone.
#pragma once

#include <cstdint>
#include <cstring>
#include <new>

#include "Vtpu_vector_unit.h"
#include "sim/rtl/shim_model.h"
#include "sim/rtl/unit_abi.h"

struct systol::VerilatedVectorInstance : systol::shim::Model<Vtpu_vector_unit> {
  explicit VerilatedVectorInstance(std::uint64_t seed) : Model(seed) {
    drive_all({});
    reset();
  }

  template <class Pin, class Value>
  static void drive(Pin& pin, Value value, std::uint32_t bits) {
    shim::drive_value(pin, value, bits);
  }
  template <class Pin>
  static void drive(Pin& pin, Lanes lanes, std::uint32_t /*bits*/) {
    shim::drive_lanes(pin, lanes, SYSTOL_COLUMNS);
  }
  /// Operands that are null are lanes of 0.
  template <class Pin>
  static void drive(Pin& pin, WideLanes lanes, std::uint32_t /*bits*/) {
    if (lanes == nullptr) {
      std::memset(&pin, 0, std::size_t{2} * SYSTOL_COLUMNS);
    } else {
      shim::drive_lanes(pin, lanes, std::size_t{2} * SYSTOL_COLUMNS);
    }
  }

  void drive_all(const VectorInputs& in) {
#define SYSTOL_PIN(group, name, type, bits, span) \
  drive(top->group##_##name##_i, in.group##_##name, bits);
    top->table_valid_i = in.table_valid;
    if (in.table_valid) {
      SYSTOL_VECTOR_TABLE_PINS(SYSTOL_PIN)
    }
    top->channel_valid_i = in.channel_valid;
    if (in.channel_valid) {
      SYSTOL_VECTOR_CHANNEL_PINS(SYSTOL_PIN)
    }
    top->operand_valid_i = in.operand_valid;
    if (in.operand_valid) {
      SYSTOL_VECTOR_OPERAND_PINS(SYSTOL_PIN)
    }
#undef SYSTOL_PIN
  }

  bool step(const VectorInputs& inputs, VectorOutputs& outputs) {
    Verilated::threadContextp(&context);
    drive_all(inputs);
    edge();
    outputs.result_valid = top->result_valid_o != 0;
    outputs.result_data = reinterpret_cast<WideLanes>(&top->result_data_o);
    return good();
  }
};

namespace systol::shim {

inline VerilatedVectorInstance* create_vector(std::uint64_t seed) {
  try {
    return new VerilatedVectorInstance(seed);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

inline void destroy_vector(VerilatedVectorInstance* unit) { delete unit; }

inline int step_vector(VerilatedVectorInstance* unit, const VectorInputs* inputs,
                       VectorOutputs* outputs) {
  return unit->step(*inputs, *outputs) ? 0 : 1;
}

inline const char* error_of_vector(const VerilatedVectorInstance* unit) {
  return unit->error.c_str();
}

inline constexpr VectorUnitFunctions kVectorFunctions{create_vector, destroy_vector, step_vector,
                                                      error_of_vector};

}  // namespace systol::shim
