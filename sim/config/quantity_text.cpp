#include "sim/config/quantity_text.h"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <numeric>
#include <vector>

#include "sim/config/nearest.h"

namespace systol {
namespace {

constexpr std::uint64_t kKilo = 1000;
constexpr std::uint64_t kMega = kKilo * 1000;
constexpr std::uint64_t kGiga = kMega * 1000;
constexpr std::uint64_t kKibi = 1024;
constexpr std::uint64_t kMebi = kKibi * 1024;
constexpr std::uint64_t kGibi = kMebi * 1024;

constexpr std::array<UnitScale, 4> kHertzUnits = {
    {{"Hz"}, {"kHz", kKilo}, {"MHz", kMega}, {"GHz", kGiga}}};
constexpr std::array<UnitScale, 7> kByteUnits = {{{"B"},
                                                  {"kB", kKilo},
                                                  {"KiB", kKibi},
                                                  {"MB", kMega},
                                                  {"MiB", kMebi},
                                                  {"GB", kGiga},
                                                  {"GiB", kGibi}}};
constexpr std::array<UnitScale, 7> kBandwidthUnits = {{{"B/s"},
                                                       {"kB/s", kKilo},
                                                       {"KiB/s", kKibi},
                                                       {"MB/s", kMega},
                                                       {"MiB/s", kMebi},
                                                       {"GB/s", kGiga},
                                                       {"GiB/s", kGibi}}};
constexpr std::array<UnitScale, 4> kTimeUnits = {
    {{"ps"}, {"ns", kKilo}, {"us", kMega}, {"ms", kGiga}}};
constexpr std::array<UnitScale, 2> kVoltageUnits = {{{"mV"}, {"V", kKilo}}};

constexpr std::size_t kMaximumDigits = 18;    // fits 64 bits, with any number of decimals
constexpr std::size_t kMaximumDecimals = 12;  // and a power of ten that does, too

/// "1.50 GHz": digits 150, decimals 2, unit "GHz".
struct Split {
  std::uint64_t digits = 0;
  std::uint64_t power = 1;  ///< ten to the number of decimals
  const UnitScale* unit = nullptr;
  std::string error;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads digits with at most one point; returns how much of the text that is, 0 if it is no number.
std::size_t read_number(std::string_view text, Split& split) {
  std::size_t end = 0;
  std::size_t digits = 0;
  std::size_t decimals = 0;
  bool point = false;
  for (; end < text.size() && (is_digit(text[end]) || (text[end] == '.' && !point)); ++end) {
    if (text[end] == '.') {
      point = true;
      continue;
    }
    decimals += point ? 1 : 0;
    if (++digits <= kMaximumDigits && decimals <= kMaximumDecimals) {
      split.digits = split.digits * 10 + static_cast<std::uint64_t>(text[end] - '0');
      split.power *= point ? 10 : 1;
    }
  }
  const bool padded = digits > 1 && text[0] == '0' && text[1] != '.';
  if (digits == 0 || text[0] == '.' || text[end - 1] == '.' || padded) {
    return 0;
  }
  if (digits > kMaximumDigits || decimals > kMaximumDecimals) {
    split.error = fmt::format("which has too many digits; at most {}, {} of them decimals, fit",
                              kMaximumDigits, kMaximumDecimals);
  }
  return end;
}

void find_unit(std::string_view name, std::span<const UnitScale> units, Split& split) {
  std::vector<std::string_view> names;
  for (const UnitScale& unit : units) {
    names.push_back(unit.name);
    if (unit.name == name) {
      split.unit = &unit;
      return;
    }
  }
  if (name.empty()) {
    split.error = fmt::format("which has no unit; allowed units: {}", join_names(names));
  } else {
    split.error = fmt::format("which has the unknown unit {}{}; allowed units: {}", in_quotes(name),
                              did_you_mean(name, names), join_names(names));
  }
}

Split split_quantity(std::string_view text, std::span<const UnitScale> units) {
  Split split;
  std::size_t end = read_number(text, split);
  if (end == 0) {
    split.error = fmt::format("expected a number and its unit ({}), such as '1 {}'",
                              unit_names(units), units.back().name);
    return split;
  }
  while (end < text.size() && text[end] == ' ') {
    ++end;
  }
  if (split.error.empty()) {
    find_unit(text.substr(end), units, split);
  }
  return split;
}

}  // namespace

template <>
std::span<const UnitScale> units_of<Hertz>() {
  return kHertzUnits;
}
template <>
std::span<const UnitScale> units_of<Bytes>() {
  return kByteUnits;
}
template <>
std::span<const UnitScale> units_of<BytesPerSecond>() {
  return kBandwidthUnits;
}
template <>
std::span<const UnitScale> units_of<Millivolts>() {
  return kVoltageUnits;
}
template <>
std::span<const UnitScale> units_of<Picoseconds>() {
  return kTimeUnits;
}

std::string unit_names(std::span<const UnitScale> units) {
  std::vector<std::string_view> names;
  for (const UnitScale& unit : units) {
    names.push_back(unit.name);
  }
  return join_names(names);
}

QuantityResult<std::uint64_t> parse_whole_quantity(std::string_view text,
                                                   std::span<const UnitScale> units) {
  const Split split = split_quantity(text, units);
  if (!split.error.empty()) {
    return {std::nullopt, split.error};
  }
  // digits * numerator / (power * denominator), reduced before it is multiplied.
  std::uint64_t digits = split.digits;
  std::uint64_t scale = split.unit->numerator;
  for (std::uint64_t divisor : {split.power, split.unit->denominator}) {
    const std::uint64_t of_digits = std::gcd(digits, divisor);
    digits /= of_digits;
    divisor /= of_digits;
    const std::uint64_t of_scale = std::gcd(scale, divisor);
    scale /= of_scale;
    if (divisor != of_scale) {
      return {std::nullopt, fmt::format("which is not a whole number of {}", units.front().name)};
    }
  }
  if (digits > std::numeric_limits<std::uint64_t>::max() / scale) {
    return {std::nullopt, "which is too large"};
  }
  return {digits * scale, {}};
}

QuantityResult<double> parse_quantity(std::string_view text, std::span<const UnitScale> units) {
  const Split split = split_quantity(text, units);
  if (!split.error.empty()) {
    return {std::nullopt, split.error};
  }
  return {static_cast<double>(split.digits) * static_cast<double>(split.unit->numerator) /
              (static_cast<double>(split.power) * static_cast<double>(split.unit->denominator)),
          {}};
}

std::string quantity_text(std::uint64_t value, std::span<const UnitScale> units) {
  const bool decimals = units.data() != kByteUnits.data();
  std::string best = std::to_string(value);
  std::string_view name = units.front().name;
  for (const UnitScale& unit : units) {
    const std::uint64_t parts = decimals && unit.numerator % kKilo == 0 ? kKilo : 1;
    const std::uint64_t part = unit.numerator / parts;
    if (value < unit.numerator || value % part != 0) {
      continue;
    }
    std::string number = std::to_string(value / unit.numerator);
    const std::uint64_t rest = value % unit.numerator / part;
    if (rest != 0) {
      number += fmt::format(".{:03}", rest);
      number.erase(number.find_last_not_of('0') + 1);
    }
    if (number.size() <= best.size()) {
      best = number;
      name = unit.name;
    }
  }
  return fmt::format("{} {}", best, name);
}

std::string to_text(Hertz value) { return quantity_text(value.count(), kHertzUnits); }
std::string to_text(Bytes value) { return quantity_text(value.count(), kByteUnits); }
std::string to_text(BytesPerSecond value) { return quantity_text(value.count(), kBandwidthUnits); }
std::string to_text(Picoseconds value) { return quantity_text(value.count(), kTimeUnits); }
std::string to_text(Millivolts value) { return quantity_text(value.count(), kVoltageUnits); }

}  // namespace systol
