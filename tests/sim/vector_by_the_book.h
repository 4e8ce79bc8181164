// docs/numerics.md, "The vector unit", word by word, value by value: what every engine is held to.
#pragma once

#include <cstdint>
#include <vector>

#include "hw/isa/vector_command.h"

namespace systol::test {

using Buffer = std::vector<std::uint8_t>;
using Wide = __int128;

inline std::int64_t value_at(const Buffer& buffer, std::uint64_t address, bool wide) {
  if (!wide) {
    return static_cast<std::int8_t>(buffer.at(address));
  }
  return static_cast<std::int16_t>(buffer.at(address) + 256 * buffer.at(address + 1));
}

inline Wide floor_divide(Wide value, Wide by) {
  const Wide quotient = value / by;
  return value % by < 0 ? quotient - 1 : quotient;
}

inline Wide clamp_to(Wide value, Wide low, Wide high) {
  return value < low ? low : value > high ? high : value;
}

/// What the lane of value `n` makes of a place.
inline Wide operation_by_the_book(const isa::Vector& op, const Buffer& buffer, std::uint64_t piece,
                                  std::uint64_t place, std::uint64_t n) {
  using enum isa::LaneOperation;
  if (op.operation == Fill) {
    return 0;
  }
  const Wide a = value_at(buffer, op.a.at(piece) + op.a_window.at(place) + n * (op.wide_a ? 2 : 1),
                          op.wide_a) -
                 op.a_zero_point;
  if (op.operation == Copy) {
    return a;
  }
  const Wide b = value_at(buffer, op.b.at(piece) + op.b_window.at(place) + n * (op.wide_b ? 2 : 1),
                          op.wide_b) -
                 op.b_zero_point;
  const Wide left = a * op.a_multiplier;
  const Wide right = b * op.b_multiplier;
  switch (op.operation) {
    case Add:
      return left + right;
    case Multiply:
      return a * b;
    case Maximum:
      return left > right ? left : right;
    default:
      return left < right ? left : right;
  }
}

struct ScaleOfValue {
  Wide bias = 0;
  Wide multiplier = 0;
  unsigned shift = 0;
};
/// Plane p of value n is byte p * columns + n. Multipliers have 31 bits and shifts 6.
inline ScaleOfValue scale_by_the_book(const isa::Vector& op, const Buffer& buffer,
                                      std::uint64_t n) {
  if (!op.channels) {
    return {0, op.multiplier, op.shift};
  }
  const auto plane = [&](std::uint64_t p) -> std::uint32_t {
    return buffer.at(op.planes + p * op.columns + n);
  };
  const auto word = [&](std::uint64_t p) {
    return plane(p) + (plane(p + 1) << 8U) + (plane(p + 2) << 16U) + (plane(p + 3) << 24U);
  };
  return {static_cast<std::int32_t>(word(0)), word(4) % (1U << 31U), plane(8) % 64};
}

inline void vector_by_the_book(const isa::Vector& op, Buffer& buffer) {
  const Buffer before = buffer;
  for (std::uint64_t piece = 0; piece < op.destination.count(); ++piece) {
    for (std::uint64_t n = 0; n < op.columns; ++n) {
      Wide joined = operation_by_the_book(op, before, piece, 0, n);
      for (std::uint64_t place = 1; place < op.window(); ++place) {
        const Wide next = operation_by_the_book(op, before, piece, place, n);
        joined = op.join == isa::WindowJoin::Sum ? joined + next : next > joined ? next : joined;
      }
      const ScaleOfValue scale = scale_by_the_book(op, before, n);
      const Wide t = clamp_to(joined + scale.bias, INT32_MIN, INT32_MAX);
      const Wide divisor = Wide{1} << scale.shift;
      const Wide rounded = floor_divide(t * scale.multiplier + divisor / 2, divisor);
      const auto y =
          static_cast<std::int64_t>(clamp_to(rounded + op.zero_point, op.minimum, op.maximum));
      const std::uint64_t to = op.destination.at(piece) + n * (op.wide_destination ? 2 : 1);
      if (op.wide_destination) {
        buffer.at(to) = static_cast<std::uint8_t>(y & 0xff);
        buffer.at(to + 1) = static_cast<std::uint8_t>((y >> 8) & 0xff);
      } else {
        buffer.at(to) = op.table ? before.at(op.entries + static_cast<std::uint64_t>(y + 128))
                                 : static_cast<std::uint8_t>(y & 0xff);
      }
    }
  }
}

/// docs/numerics.md, "Normalisation".
inline std::vector<std::int16_t> normalise_by_the_book(const std::vector<std::int8_t>& x,
                                                       std::uint64_t epsilon) {
  const Wide n = static_cast<Wide>(x.size());
  Wide sum = 0;
  Wide squares = 0;
  for (const std::int8_t value : x) {
    sum += value;
    squares += Wide{value} * value;
  }
  const Wide d = n * squares - sum * sum + static_cast<Wide>(epsilon);
  std::vector<std::int16_t> y(x.size());
  if (d == 0) {
    return y;
  }
  Wide s = 0;
  for (Wide bit = Wide{1} << 40; bit > 0; bit /= 2) {
    if ((s + bit) * (s + bit) <= d * 65'536) {
      s += bit;
    }
  }
  const Wide r = (Wide{1} << 46) / s;
  for (std::size_t i = 0; i < x.size(); ++i) {
    y[i] = static_cast<std::int16_t>(clamp_to(
        floor_divide((n * x[i] - sum) * r + (Wide{1} << 26), Wide{1} << 27), INT16_MIN, INT16_MAX));
  }
  return y;
}

}  // namespace systol::test
