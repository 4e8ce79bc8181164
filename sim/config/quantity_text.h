// Quantities as people write them: a number and a unit, "700 MHz", "24 MiB", "80 ns".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/base/units.h"

namespace systol {

/// A unit's name, and how many base units it is: numerator / denominator.
struct UnitScale {
  std::string_view name;
  std::uint64_t numerator = 1;
  std::uint64_t denominator = 1;
};

inline constexpr std::string_view kUnlimited = "unlimited";

/// The units that a quantity is written in, smallest first; the base unit has scale 1.
template <class Q>
std::span<const UnitScale> units_of();
template <>
std::span<const UnitScale> units_of<Hertz>();  ///< Hz, kHz, MHz, GHz
template <>
std::span<const UnitScale> units_of<Bytes>();  ///< B, kB, KiB, MB, MiB, GB, GiB
template <>
std::span<const UnitScale> units_of<BytesPerSecond>();  ///< B/s, kB/s, KiB/s, ... GiB/s
template <>
std::span<const UnitScale> units_of<Picoseconds>();  ///< ps, ns, us, ms
template <>
std::span<const UnitScale> units_of<Millivolts>();  ///< mV, V

/// "Hz, kHz, MHz, GHz".
std::string unit_names(std::span<const UnitScale> units);

/// What reading a quantity gave: a value, or what is wrong with the text.
template <class Number>
struct QuantityResult {
  std::optional<Number> value;
  std::string error;  ///< a clause such as "which has no unit"; empty with a value
};

/// An exact, whole number of base units. "1.5 GHz" is; "0.5 Hz" is an error.
QuantityResult<std::uint64_t> parse_whole_quantity(std::string_view text,
                                                   std::span<const UnitScale> units);
/// The double nearest to the number of base units.
QuantityResult<double> parse_quantity(std::string_view text, std::span<const UnitScale> units);

/// The shortest exact text: at most three decimals, none of bytes and binary units.
std::string to_text(Hertz value);
std::string to_text(Bytes value);
std::string to_text(BytesPerSecond value);
std::string to_text(Picoseconds value);
std::string to_text(Millivolts value);
std::string quantity_text(std::uint64_t value, std::span<const UnitScale> units);

}  // namespace systol
