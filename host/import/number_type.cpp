#include "host/import/number_type.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

namespace systol {
namespace {

struct TypeText {
  std::string_view name;
  std::size_t bytes;
};
constexpr std::array<TypeText, kNumberTypes> kTypeTexts = {{{"bool", 1},
                                                            {"uint8", 1},
                                                            {"int8", 1},
                                                            {"uint16", 2},
                                                            {"int16", 2},
                                                            {"uint32", 4},
                                                            {"int32", 4},
                                                            {"uint64", 8},
                                                            {"int64", 8},
                                                            {"float16", 2},
                                                            {"float32", 4},
                                                            {"float64", 8}}};

/// IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction.
struct Half {
  std::uint16_t bits;
};

double to_double(Half half) {
  constexpr int kFractionBits = 10;
  constexpr int kBias = 15;
  constexpr int kSpecial = 31;
  const int exponent = half.bits >> kFractionBits & 31;
  const int fraction = half.bits & 1023;
  double size = 0;
  if (exponent == kSpecial) {
    size = fraction == 0 ? std::numeric_limits<double>::infinity()
                         : std::numeric_limits<double>::quiet_NaN();
  } else if (exponent == 0) {
    size = std::ldexp(fraction, 1 - kBias - kFractionBits);
  } else {
    size = std::ldexp(fraction + 1024, exponent - kBias - kFractionBits);
  }
  return (half.bits & 0x8000) != 0 ? -size : size;
}

double to_double(bool value) { return value ? 1 : 0; }

template <class Number>
double to_double(Number number) {
  return static_cast<double>(number);
}

/// The bytes of one number, the least significant first.
template <class Number>
Number number_of(const std::uint8_t* bytes, bool big_endian) {
  if constexpr (std::is_same_v<Number, bool>) {
    return *bytes != 0;
  } else {
    std::array<std::uint8_t, sizeof(Number)> ordered{};
    std::copy_n(bytes, ordered.size(), ordered.begin());
    if (big_endian) {
      std::ranges::reverse(ordered);
    }
    Number number;
    std::memcpy(&number, ordered.data(), sizeof number);
    return number;
  }
}

template <class Number>
void decode_as(const std::uint8_t* bytes, bool big_endian, std::span<double> numbers) {
  for (double& number : numbers) {
    number = to_double(number_of<Number>(bytes, big_endian));
    bytes += sizeof(Number);
  }
}

using Decoder = void (*)(const std::uint8_t*, bool, std::span<double>);
constexpr std::array<Decoder, kNumberTypes> kDecoders = {
    decode_as<bool>,          decode_as<std::uint8_t>,  decode_as<std::int8_t>,
    decode_as<std::uint16_t>, decode_as<std::int16_t>,  decode_as<std::uint32_t>,
    decode_as<std::int32_t>,  decode_as<std::uint64_t>, decode_as<std::int64_t>,
    decode_as<Half>,          decode_as<float>,         decode_as<double>};

}  // namespace

std::string_view name_of(NumberType type) {
  return kTypeTexts[static_cast<std::size_t>(type)].name;
}

std::size_t bytes_of(NumberType type) { return kTypeTexts[static_cast<std::size_t>(type)].bytes; }

void decode(std::span<const std::uint8_t> bytes, NumberFormat format, std::span<double> numbers) {
  kDecoders[static_cast<std::size_t>(format.type)](bytes.data(), format.big_endian, numbers);
}

}  // namespace systol
