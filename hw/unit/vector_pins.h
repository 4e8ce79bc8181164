// The vector unit's pins, declared once as the matrix unit's are (hw/unit/pins.h): the pin
// `group_name_i` of tpu_vector_unit, the result's `_o`. The unit has a lane for each of the array's
// columns.
#pragma once

#include <array>
#include <cstdint>

#include "hw/unit/pins.h"

namespace systol {

/// Lanes of 16 bits; int8 values come with their sign in the upper byte.
using WideLanes = const std::int16_t*;

/* Entries of the look-up table, from entry `row * lanes` on. */
#define SYSTOL_VECTOR_TABLE_PINS(PIN)     \
  PIN(table, valid, bool, 1, One)         \
  PIN(table, row, std::uint32_t, 32, One) \
  PIN(table, data, Lanes, 8, Columns)

/* One of the nine planes of channel parameters. */
#define SYSTOL_VECTOR_CHANNEL_PINS(PIN)      \
  PIN(channel, valid, bool, 1, One)          \
  PIN(channel, plane, std::uint32_t, 4, One) \
  PIN(channel, data, Lanes, 8, Columns)

/* A place of a window: a value of `a` and one of `b` for each lane. The window's first place
   carries `first`, its last `last`, and what follows the join is done with the parameters that come
   with the last. `operation` is the number of an isa::LaneOperation, `join` that of an
   isa::WindowJoin. With `channels`, bias, multiplier and shift are those of the planes; otherwise
   multiplier and shift are here, and there is no bias. With `table` the result is looked up. */
#define SYSTOL_VECTOR_OPERAND_PINS(PIN)             \
  PIN(operand, valid, bool, 1, One)                 \
  PIN(operand, first, bool, 1, One)                 \
  PIN(operand, last, bool, 1, One)                  \
  PIN(operand, operation, std::uint8_t, 3, One)     \
  PIN(operand, join, std::uint8_t, 1, One)          \
  PIN(operand, a, WideLanes, 16, Columns)           \
  PIN(operand, b, WideLanes, 16, Columns)           \
  PIN(operand, a_zero_point, std::int16_t, 16, One) \
  PIN(operand, b_zero_point, std::int16_t, 16, One) \
  PIN(operand, a_multiplier, std::int32_t, 32, One) \
  PIN(operand, b_multiplier, std::int32_t, 32, One) \
  PIN(operand, channels, bool, 1, One)              \
  PIN(operand, multiplier, std::uint32_t, 31, One)  \
  PIN(operand, shift, std::uint8_t, 6, One)         \
  PIN(operand, zero_point, std::int16_t, 16, One)   \
  PIN(operand, minimum, std::int16_t, 16, One)      \
  PIN(operand, maximum, std::int16_t, 16, One)      \
  PIN(operand, table, bool, 1, One)

/* A row of results; the data hold until the next. */
#define SYSTOL_VECTOR_RESULT_PINS(PIN) \
  PIN(result, valid, bool, 1, One)     \
  PIN(result, data, WideLanes, 16, Columns)

#define SYSTOL_VECTOR_INPUT_PINS(PIN) \
  SYSTOL_VECTOR_TABLE_PINS(PIN)       \
  SYSTOL_VECTOR_CHANNEL_PINS(PIN)     \
  SYSTOL_VECTOR_OPERAND_PINS(PIN)

/// All input pins during one cycle. Lanes may be null while their valid is low; operands that are
/// null are lanes of 0. This struct and the next cross the C boundary of a verilated library.
struct VectorInputs {
#define SYSTOL_PIN(group, name, type, bits, span) type group##_##name{};
  SYSTOL_VECTOR_INPUT_PINS(SYSTOL_PIN)
};

/// Output pins after a clock edge; lanes hold until the next.
struct VectorOutputs {
  SYSTOL_VECTOR_RESULT_PINS(SYSTOL_PIN)
#undef SYSTOL_PIN
};

inline constexpr auto kVectorInputPins = std::to_array<PinDescription>({
#define SYSTOL_PIN(group, name, type, bits, span) {#group "_" #name, bits, PinSpan::span},
    SYSTOL_VECTOR_INPUT_PINS(SYSTOL_PIN)});
inline constexpr auto kVectorOutputPins =
    std::to_array<PinDescription>({SYSTOL_VECTOR_RESULT_PINS(SYSTOL_PIN)});
#undef SYSTOL_PIN

}  // namespace systol
