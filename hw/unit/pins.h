// The matrix unit's pins, declared once: what the RTL's port list is checked against, and what the
// verilated library, the SystemC model, waves and tests are made of.
//
// PIN(group, name, type, bits, span) is the pin `group_name_i` of tpu_matrix_unit (the results are
// outputs, `_o`): `bits` wide, or as many for each PE row or column; pin_bits() says how many those
// are that the PEs' type decides. Lanes are whole bytes; lane i of a mask is bit i % 8 of byte i
// / 8.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "hw/isa/pe_type.h"

namespace systol {

using Lanes = const std::uint8_t*;

/// In the place of a pin's bits: those of an operand's lane, and of a result, of the PEs' type.
inline constexpr std::uint32_t kOperandBits = 1000;
inline constexpr std::uint32_t kResultBits = 1001;

constexpr std::uint32_t pin_bits(std::uint32_t bits, isa::PeType pe) {
  return bits == kOperandBits  ? 8 * isa::lane_bytes(pe)
         : bits == kResultBits ? 8 * isa::result_bytes(pe)
                               : bits;
}

/* A weight row to the shadow registers; with sums in place, the weights of the step that is fed in
   the same cycle. Lanes whose mask bit is 0 carry no weight: they add nothing to any sum. */
#define SYSTOL_WEIGHT_PINS(PIN)            \
  PIN(weight, valid, bool, 1, One)         \
  PIN(weight, row, std::uint32_t, 32, One) \
  PIN(weight, mask, Lanes, 1, Columns)     \
  PIN(weight, data, Lanes, kOperandBits, Columns)

/* An activation row; the first of a tile carries `swap`. With sums in place, a step of a product:
   the first carries `begin`, the last `drain`. The mask is as that of the weights. */
#define SYSTOL_FEED_PINS(PIN)                \
  PIN(feed, valid, bool, 1, One)             \
  PIN(feed, swap, bool, 1, One)              \
  PIN(feed, add, bool, 1, One)               \
  PIN(feed, address, std::uint32_t, 32, One) \
  PIN(feed, begin, bool, 1, One)             \
  PIN(feed, drain, bool, 1, One)             \
  PIN(feed, mask, Lanes, 1, Rows)            \
  PIN(feed, data, Lanes, kOperandBits, Rows)

/* Sums in place: the accumulator row of each drained row, the last PE row's first, from the cycle
   of `feed_drain` on. */
#define SYSTOL_DRAIN_PINS(PIN)    \
  PIN(drain, valid, bool, 1, One) \
  PIN(drain, address, std::uint32_t, 32, One)

/* One of the nine planes of channel parameters. */
#define SYSTOL_CHANNEL_PINS(PIN)             \
  PIN(channel, valid, bool, 1, One)          \
  PIN(channel, plane, std::uint32_t, 4, One) \
  PIN(channel, data, Lanes, 8, Columns)

/* Entries of the look-up table, from entry `row * columns` on. */
#define SYSTOL_TABLE_PINS(PIN)            \
  PIN(table, valid, bool, 1, One)         \
  PIN(table, row, std::uint32_t, 32, One) \
  PIN(table, data, Lanes, 8, Columns)

/* An accumulator row to the activation path; with `own` it is a channel of its own and brings its
   parameters. Sums of fp32 know neither table nor range, but `relu`, and are rounded to bf16 unless
   `wide`. */
#define SYSTOL_ACTIVATE_PINS(PIN)                   \
  PIN(activate, valid, bool, 1, One)                \
  PIN(activate, table, bool, 1, One)                \
  PIN(activate, address, std::uint32_t, 32, One)    \
  PIN(activate, zero_point, std::int8_t, 8, One)    \
  PIN(activate, minimum, std::int8_t, 8, One)       \
  PIN(activate, maximum, std::int8_t, 8, One)       \
  PIN(activate, own, bool, 1, One)                  \
  PIN(activate, bias, std::int32_t, 32, One)        \
  PIN(activate, multiplier, std::uint32_t, 31, One) \
  PIN(activate, shift, std::uint8_t, 6, One)        \
  PIN(activate, relu, bool, 1, One)                 \
  PIN(activate, wide, bool, 1, One)

/* A row of the buffer that is added to the results of the row that `activate` presents, in the same
   cycle: both less their zero points and times their multipliers, of a magnitude below 2^21; their
   sum is shifted, gets a zero point, is clamped and meets the table. */
#define SYSTOL_RESIDUAL_PINS(PIN)                       \
  PIN(residual, valid, bool, 1, One)                    \
  PIN(residual, data, Lanes, 8, Columns)                \
  PIN(residual, zero_point, std::int8_t, 8, One)        \
  PIN(residual, multiplier, std::int32_t, 22, One)      \
  PIN(residual, sums_multiplier, std::int32_t, 22, One) \
  PIN(residual, shift, std::uint8_t, 6, One)            \
  PIN(residual, sum_zero_point, std::int8_t, 8, One)    \
  PIN(residual, minimum, std::int8_t, 8, One)           \
  PIN(residual, maximum, std::int8_t, 8, One)

/* A row of results; the data hold until the next. */
#define SYSTOL_RESULT_PINS(PIN)    \
  PIN(result, valid, bool, 1, One) \
  PIN(result, data, Lanes, kResultBits, Columns)

#define SYSTOL_INPUT_PINS(PIN) \
  SYSTOL_WEIGHT_PINS(PIN)      \
  SYSTOL_FEED_PINS(PIN)        \
  SYSTOL_DRAIN_PINS(PIN)       \
  SYSTOL_CHANNEL_PINS(PIN)     \
  SYSTOL_TABLE_PINS(PIN)       \
  SYSTOL_ACTIVATE_PINS(PIN)    \
  SYSTOL_RESIDUAL_PINS(PIN)

/// All input pins during one cycle. Lanes may be null while their valid is low; a null mask is one
/// of all lanes. This struct and the next cross the C boundary of a verilated library.
struct UnitInputs {
#define SYSTOL_PIN(group, name, type, bits, span) type group##_##name{};
  SYSTOL_INPUT_PINS(SYSTOL_PIN)
};

/// Output pins after a clock edge; lanes hold until the next.
struct UnitOutputs {
  SYSTOL_RESULT_PINS(SYSTOL_PIN)
#undef SYSTOL_PIN
};

/// What a pin has so many bits of.
enum class PinSpan : std::uint8_t { One, Rows, Columns };

struct PinDescription {
  std::string_view name;   ///< without `_i` or `_o`
  std::uint32_t bits = 0;  ///< for pin_bits()
  PinSpan span = PinSpan::One;
};

inline constexpr auto kInputPins = std::to_array<PinDescription>({
#define SYSTOL_PIN(group, name, type, bits, span) {#group "_" #name, bits, PinSpan::span},
    SYSTOL_INPUT_PINS(SYSTOL_PIN)});
inline constexpr auto kOutputPins = std::to_array<PinDescription>({SYSTOL_RESULT_PINS(SYSTOL_PIN)});
#undef SYSTOL_PIN

/// Bytes of the lanes of one pin.
constexpr std::size_t lane_bytes(std::size_t lanes, std::uint32_t bits) {
  return (lanes * bits + 7) / 8;
}

/// Whether the lane carries an operand.
constexpr bool has_lane(Lanes mask, std::size_t lane) {
  return mask == nullptr || (mask[lane / 8] >> (lane % 8) & 1) != 0;
}

}  // namespace systol
