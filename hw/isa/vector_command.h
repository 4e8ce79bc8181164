// `vector`: what the vector unit's lanes do with values of the unified buffer.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "hw/isa/walk.h"

namespace systol::isa {

/// What a lane makes of a value `a` and a value `b`, both less their zero points:
/// - Fill: 0; nothing is read
/// - Copy: a
/// - Add: a * a_multiplier + b * b_multiplier
/// - Multiply: a * b
/// - Maximum, Minimum: of a * a_multiplier and b * b_multiplier
enum class LaneOperation : std::uint8_t { Fill, Copy, Add, Multiply, Maximum, Minimum };
inline constexpr std::array<std::string_view, 6> kLaneOperationNames = {
    "fill", "copy", "add", "multiply", "maximum", "minimum"};
inline std::string_view name_of(LaneOperation operation) {
  return kLaneOperationNames[static_cast<std::size_t>(operation)];
}
constexpr bool reads_a(LaneOperation operation) { return operation != LaneOperation::Fill; }
constexpr bool reads_b(LaneOperation operation) { return operation >= LaneOperation::Add; }
/// How many multiplications it is.
constexpr std::uint64_t multiplications(LaneOperation operation) {
  return operation == LaneOperation::Multiply ? 1 : reads_b(operation) ? 2 : 0;
}

/// How a lane joins what its operation makes of the places of a window.
enum class WindowJoin : std::uint8_t { Sum, Maximum };
inline constexpr std::array<std::string_view, 2> kWindowJoinNames = {"sum", "maximum"};
inline std::string_view name_of(WindowJoin join) {
  return kWindowJoinNames[static_cast<std::size_t>(join)];
}

/// A piece of `columns` values is made for each piece of the `destination` walk. Value n of piece i
/// joins, over the places w of the window in their order, the operation's result for value n of the
/// pieces at a.at(i) + a_window.at(w) and b.at(i) + b_window.at(w); windows have the base 0. With
/// the joined result t:
///   t = saturate32(t + bias)
///   y = clamp(((t * multiplier + 2^(shift - 1)) >> shift) + zero_point, minimum, maximum)
/// and, with `table`, y = entry y + 128 of the 256 int8 values at `entries`. Bias, multiplier and
/// shift are the command's (a bias of 0) or, with `channels`, value n's, from planes of `columns`
/// bytes at `planes` (hw/isa/requantisation.h). Values are int8, or with `wide_...` int16, least
/// significant byte first.
struct Vector {
  LaneOperation operation = LaneOperation::Copy;
  WindowJoin join = WindowJoin::Sum;
  std::uint32_t columns = 0;
  Walk a;
  Walk a_window;
  Walk b;
  Walk b_window;
  Walk destination;
  std::int16_t a_zero_point = 0;
  std::int16_t b_zero_point = 0;
  std::int32_t a_multiplier = 0;
  std::int32_t b_multiplier = 0;
  bool wide_a = false;
  bool wide_b = false;
  bool wide_destination = false;
  bool channels = false;
  std::uint64_t planes = 0;
  std::uint32_t multiplier = 0;  ///< 31 bits
  std::uint8_t shift = 0;        ///< 1 to 62
  std::int16_t zero_point = 0;
  std::int16_t minimum = -128;
  std::int16_t maximum = 127;
  bool table = false;
  std::uint64_t entries = 0;

  /// Pieces that are made.
  std::uint64_t pieces() const { return destination.count(); }
  /// Places of the window.
  std::uint64_t window() const { return reads_a(operation) ? a_window.count() : 1; }
  static std::uint64_t bytes(bool wide, std::uint64_t values) { return wide ? 2 * values : values; }
  bool operator==(const Vector&) const = default;
};

/// A multiplier and a shift that leave every 32-bit number as it is.
inline constexpr std::uint32_t kUnitMultiplier = 1U << 30;
inline constexpr std::uint8_t kUnitShift = 30;

/// `normalise`: each row of `columns` int8 values becomes int16 values of mean 0 and variance 1 in
/// units of 2^-11. A row's values are `source_stride` bytes apart in the source and
/// `destination_stride` bytes apart in the destination; both walks have a piece, its first value,
/// for each row, and at most two loops. `epsilon` is added to columns^2 times the variance, which
/// is in squared units of the source's scale. The numbers are in docs/numerics.md.
struct Normalise {
  Walk source;
  Walk destination;
  std::uint32_t columns = 0;
  std::uint64_t source_stride = 1;
  std::uint64_t destination_stride = 2;
  std::uint64_t epsilon = 0;
  std::uint64_t rows() const { return source.count(); }
  bool operator==(const Normalise&) const = default;
};
/// More could overflow 2^63: (columns * 255)^2 * 2^16.
inline constexpr std::uint32_t kMostNormalised = 32'768;

}  // namespace systol::isa
