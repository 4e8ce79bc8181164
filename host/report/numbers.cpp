#include "host/report/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/config/array_file.h"

namespace systol {
namespace {

/// Three digits and the prefix that leaves one to three of them before the point.
std::string scaled(double value, const char* unit) {
  constexpr std::array<const char*, 9> kPrefixes = {"p", "n", "u", "m", "", "k", "M", "G", "T"};
  std::size_t prefix = 0;
  double number = value * 1e12;
  while (number >= 999.5 && prefix + 1 < kPrefixes.size()) {
    number /= 1000;
    ++prefix;
  }
  if (value == 0) {
    return fmt::format("0 {}", unit);
  }
  const int decimals = number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2;
  return fmt::format("{:.{}f} {}{}", number, decimals, kPrefixes[prefix], unit);
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t i = digits.size(); i > 3; i -= 3) {
    digits.insert(i - 3, " ");
  }
  return digits;
}

double share(Cycles part, Cycles whole) {
  return whole.count() == 0
             ? 0
             : static_cast<double>(part.count()) / static_cast<double>(whole.count());
}

std::string percent(double share) { return fmt::format("{:.1f} %", 100 * share); }
std::string duration(double seconds) { return scaled(seconds, "s"); }
std::string energy(Picojoules energy) { return scaled(energy.count() / kPicojoulesPerJoule, "J"); }
std::string power(double watts) { return scaled(watts, "W"); }

std::string area(SquareMicrometres area) {
  constexpr double kPerSquareMillimetre = 1e6;
  return fmt::format("{:.3g} mm2", area.count() / kPerSquareMillimetre);
}

std::string data_size(std::uint64_t bytes) {
  constexpr std::array<const char*, 4> kUnits = {"B", "KiB", "MiB", "GiB"};
  std::size_t unit = 0;
  auto number = static_cast<double>(bytes);
  while (number >= 1024 && unit + 1 < kUnits.size()) {
    number /= 1024;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", number, kUnits[unit]);
}

std::string spelled(Dataflow dataflow) {
  std::string text(name_of(dataflow));
  std::ranges::replace(text, '_', '-');
  return text;
}

}  // namespace systol
