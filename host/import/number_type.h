// How files of arrays write their numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace systol {

/// Integers first, then the types with a fraction.
enum class NumberType : std::uint8_t {
  Bool,
  Uint8,
  Int8,
  Uint16,
  Int16,
  Uint32,
  Int32,
  Uint64,
  Int64,
  Float16,
  Float32,
  Float64
};
inline constexpr int kNumberTypes = 12;

/// "bool", "uint8", "float16", ...
std::string_view name_of(NumberType type);
std::size_t bytes_of(NumberType type);
inline bool is_integer(NumberType type) { return type < NumberType::Float16; }

struct NumberFormat {
  NumberType type = NumberType::Uint8;
  bool big_endian = false;
  bool operator==(const NumberFormat&) const = default;
};

/// The numbers in `bytes`, which are exactly `numbers.size()` of them. What double cannot hold, an
/// integer beyond 2^53, is rounded to nearest.
void decode(std::span<const std::uint8_t> bytes, NumberFormat format, std::span<double> numbers);

}  // namespace systol
