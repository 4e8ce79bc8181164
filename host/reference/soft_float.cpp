#include "host/reference/soft_float.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace systol::soft_float {
namespace {

__extension__ using Wide = unsigned __int128;
constexpr int kWideBits = 128;

/// (-1)^negative * magnitude * 2^exponent, or no such number.
struct Exact {
  bool negative = false;
  bool infinite = false;
  bool nan = false;
  Wide magnitude = 0;
  int exponent = 0;
};

/// How many bits a format's significand has, the first included; all have the exponents of fp32.
constexpr int kHalfPlaces = 8;
constexpr int kSinglePlaces = 24;

/// Of a number whose stored significand has `places` - 1 bits.
Exact unpack(std::uint32_t bits, int places) {
  const std::uint32_t fraction = bits & ((1U << (places - 1)) - 1);
  const std::uint32_t exponent = bits >> (places - 1) & 0xffU;
  Exact exact;
  exact.negative = (bits >> (places + 7)) != 0;
  exact.infinite = exponent == 0xff && fraction == 0;
  exact.nan = exponent == 0xff && fraction != 0;
  exact.magnitude = exponent == 0 ? fraction : fraction | 1U << (places - 1);
  exact.exponent = static_cast<int>(std::max(exponent, 1U)) - 126 - places;
  return exact;
}

int bits_of(Wide value) {
  const auto high = static_cast<std::uint64_t>(value >> 64);
  return static_cast<int>(high != 0 ? 64 + std::bit_width(high)
                                    : std::bit_width(static_cast<std::uint64_t>(value)));
}

/// value / 2^places to the nearest integer, halves to even.
Wide divided(Wide value, int places) {
  if (places <= 0) {
    return value << -places;
  }
  if (places >= kWideBits) {
    return 0;  // less than half, as all values here have fewer bits than `Wide`
  }
  const Wide quotient = value >> places;
  const Wide rest = value - (quotient << places);
  const Wide half = Wide{1} << (places - 1);
  return quotient + (rest > half || (rest == half && quotient % 2 == 1) ? 1 : 0);
}

/// The number of the format that is next to an exact one.
std::uint32_t pack(const Exact& exact, int places) {
  const std::uint32_t infinity = 0xffU << (places - 1);
  if (exact.nan) {
    return infinity | 1U << (places - 2);
  }
  const std::uint32_t sign = exact.negative ? 1U << (places + 7) : 0;
  if (exact.infinite) {
    return sign | infinity;
  }
  // The exponent of the last place: that of subnormal numbers is the smallest there is.
  int last = std::max(bits_of(exact.magnitude) + exact.exponent - places, -125 - places);
  auto significand = static_cast<std::uint32_t>(divided(exact.magnitude, last - exact.exponent));
  if (significand >> places != 0) {  // rounded up to a power of two
    significand /= 2;
    ++last;
  }
  if (significand >> (places - 1) == 0) {
    return sign | significand;
  }
  const int exponent = last + 126 + places;
  return exponent >= 0xff ? sign | infinity
                          : sign | (static_cast<std::uint32_t>(exponent) << (places - 1)) |
                                (significand - (1U << (places - 1)));
}

}  // namespace

std::uint32_t multiply(std::uint16_t a, std::uint16_t b) {
  const Exact x = unpack(a, kHalfPlaces);
  const Exact y = unpack(b, kHalfPlaces);
  const auto zero = [](const Exact& value) { return value.magnitude == 0; };
  Exact product;
  product.negative = x.negative != y.negative;
  product.nan = x.nan || y.nan || (x.infinite && zero(y)) || (y.infinite && zero(x));
  product.infinite = x.infinite || y.infinite;
  product.magnitude = x.magnitude * y.magnitude;
  product.exponent = x.exponent + y.exponent;
  return pack(product, kSinglePlaces);
}

std::uint32_t add(std::uint32_t a, std::uint32_t b) {
  Exact x = unpack(a, kSinglePlaces);
  Exact y = unpack(b, kSinglePlaces);
  if (x.nan || y.nan || (x.infinite && y.infinite && x.negative != y.negative)) {
    return kSingleNan;
  }
  if (x.infinite || y.infinite) {
    return x.infinite ? a : b;
  }
  if (x.exponent < y.exponent) {
    std::swap(x, y);
  }
  // Both in units of the smaller exponent; a number too far below to matter counts as one unit,
  // which is on the same side of every half.
  constexpr int kFar = 100;
  int distance = x.exponent - y.exponent;
  if (distance > kFar) {
    y.magnitude = y.magnitude == 0 ? 0 : 1;
    y.exponent = x.exponent - kFar;
    distance = kFar;
  }
  x.magnitude <<= distance;
  Exact sum;
  sum.exponent = y.exponent;
  if (x.negative == y.negative) {
    sum.negative = x.negative;
    sum.magnitude = x.magnitude + y.magnitude;
  } else if (x.magnitude != y.magnitude) {
    const bool x_counts = x.magnitude > y.magnitude;
    sum.negative = x_counts ? x.negative : y.negative;
    sum.magnitude = x_counts ? x.magnitude - y.magnitude : y.magnitude - x.magnitude;
  }
  return pack(sum, kSinglePlaces);
}

std::uint32_t multiply_add(std::uint32_t sum, std::uint16_t a, std::uint16_t b) {
  return add(sum, multiply(a, b));
}

std::uint16_t narrow(std::uint32_t value) {
  return static_cast<std::uint16_t>(pack(unpack(value, kSinglePlaces), kHalfPlaces));
}

}  // namespace systol::soft_float
