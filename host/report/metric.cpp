#include "host/report/metric.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <vector>

#include "sim/base/error.h"
#include "sim/config/nearest.h"

namespace systol {
namespace {

constexpr std::uint64_t kThousand = 1000;
constexpr std::uint64_t kMillion = kThousand * kThousand;
constexpr std::uint64_t kBillion = kMillion * kThousand;
constexpr std::uint64_t kTrillion = kBillion * kThousand;

constexpr std::array<UnitScale, 1> kCycleUnits = {{{"cycles"}}};
constexpr std::array<UnitScale, 5> kSecondUnits = {
    {{"ps", 1, kTrillion}, {"ns", 1, kBillion}, {"us", 1, kMillion}, {"ms", 1, kThousand}, {"s"}}};
constexpr std::array<UnitScale, 5> kJouleUnits = {
    {{"pJ"}, {"nJ", kThousand}, {"uJ", kMillion}, {"mJ", kBillion}, {"J", kTrillion}}};
constexpr std::array<UnitScale, 4> kWattUnits = {
    {{"uW", 1, kMillion}, {"mW", 1, kThousand}, {"W"}, {"kW", kThousand}}};
constexpr std::array<UnitScale, 2> kAreaUnits = {{{"um2"}, {"mm2", kMillion}}};
constexpr std::array<UnitScale, 5> kEdpUnits = {{{"pJs", 1, kTrillion},
                                                 {"nJs", 1, kBillion},
                                                 {"uJs", 1, kMillion},
                                                 {"mJs", 1, kThousand},
                                                 {"Js"}}};
constexpr std::array<UnitScale, 1> kTopsUnits = {{{"TOPS"}}};
constexpr std::array<UnitScale, 1> kTopsPerWattUnits = {{{"TOPS/W"}}};
constexpr std::array<UnitScale, 1> kTopsPerAreaUnits = {{{"TOPS/mm2"}}};
constexpr std::array<UnitScale, 1> kShareUnits = {{{"%", 1, 100}}};
constexpr std::array<UnitScale, 3> kRateUnits = {{{"1/s"}, {"k/s", kThousand}, {"M/s", kMillion}}};

double energy_delay(const RunReport& report) {
  return report.energy.total.count() / kPicojoulesPerJoule * report.seconds();
}

double inferences_per_second(const RunReport& report) {
  const double seconds = report.seconds();
  return seconds == 0 ? 0 : static_cast<double>(report.samples) / seconds;
}

const std::array<Metric, kMetrics>& table() {
  static const std::array<Metric, kMetrics> all = {{
      {"cycles", "cycles", "", kCycleUnits, Better::Less,
       [](const RunReport& r) { return static_cast<double>(r.cycles.count()); }},
      {"time", "seconds", "", kSecondUnits, Better::Less,
       [](const RunReport& r) { return r.seconds(); }},
      {"utilisation", "utilisation", "", kShareUnits, Better::More,
       [](const RunReport& r) { return r.utilisation(); }},
      {"energy", "energy_pj", "", kJouleUnits, Better::Less,
       [](const RunReport& r) { return r.energy.total.count(); }},
      {"energy_per_inference", "energy_per_inference_pj", "energy/inference", kJouleUnits,
       Better::Less, [](const RunReport& r) { return r.energy_per_inference().count(); }},
      {"power", "power_w", "", kWattUnits, Better::Less,
       [](const RunReport& r) { return r.power_w(); }},
      {"tops", "tops", "TOPS", kTopsUnits, Better::More,
       [](const RunReport& r) { return r.achieved_tops(); }},
      {"tops_per_watt", "tops_per_watt", "TOPS/W", kTopsPerWattUnits, Better::More,
       [](const RunReport& r) { return r.tops_per_watt(); }},
      {"area", "area_um2", "", kAreaUnits, Better::Less,
       [](const RunReport& r) { return total_area(r.hardware).count(); }},
      {"tops_per_mm2", "tops_per_mm2", "TOPS/mm2", kTopsPerAreaUnits, Better::More,
       [](const RunReport& r) { return r.tops_per_mm2(); }},
      {"edp", "energy_delay_js", "EDP", kEdpUnits, Better::Less, energy_delay},
      {"rate", "inferences_per_second", "", kRateUnits, Better::More, inferences_per_second},
  }};
  return all;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

double scale(const UnitScale& unit) {
  return static_cast<double>(unit.numerator) / static_cast<double>(unit.denominator);
}

}  // namespace

std::span<const Metric, kMetrics> metrics() { return table(); }

std::string_view title_of(const Metric& metric) {
  return metric.title.empty() ? metric.name : metric.title;
}

std::optional<std::size_t> find_metric(std::string_view name) {
  const std::string wanted = lower_case(name);
  for (std::size_t i = 0; i < kMetrics; ++i) {
    const Metric& metric = table()[i];
    if (wanted == metric.name || wanted == metric.key ||
        (!wanted.empty() && wanted == lower_case(metric.title))) {
      return i;
    }
  }
  return std::nullopt;
}

std::size_t metric_index(std::string_view name, std::string_view where) {
  if (const std::optional<std::size_t> found = find_metric(name)) {
    return *found;
  }
  std::vector<std::string_view> names;
  for (const Metric& metric : table()) {
    names.push_back(metric.name);
  }
  throw InputError(fmt::format("{}: found the metric {}{}, allowed: {}", where, in_quotes(name),
                               did_you_mean(name, names), join_names(names)));
}

MetricValues metric_values(const RunReport& report) {
  MetricValues values{};
  std::ranges::transform(table(), values.begin(),
                         [&](const Metric& metric) { return metric.value(report); });
  return values;
}

bool beats(const Metric& metric, double a, double b) {
  return metric.better == Better::Less ? a < b : a > b;
}

const UnitScale& unit_for(const Metric& metric, double value) {
  constexpr double kUsualStep = 1000;
  const UnitScale* unit = &metric.units.front();
  for (const UnitScale& larger : metric.units) {
    const double step = scale(larger) / scale(*unit);
    unit = std::fabs(value) * std::max(step / kUsualStep, 1.0) >= scale(larger) ? &larger : unit;
  }
  return *unit;
}

std::string number_text(double value, const UnitScale& unit) {
  constexpr int kDigits = 4;
  constexpr int kMostDecimals = 6;
  constexpr double kLongest = 1e7;
  const double number = value / scale(unit);
  if (number == 0 || !std::isfinite(number)) {
    return fmt::format("{}", number);
  }
  const int decimals = kDigits - 1 - static_cast<int>(std::floor(std::log10(std::fabs(number))));
  if (decimals > kMostDecimals) {
    return fmt::format("{:.3g}", number);
  }
  if (std::fabs(number) >= kLongest && number != std::floor(number)) {
    return fmt::format("{:.{}g}", number, kDigits);
  }
  return fmt::format("{:.{}f}", number, number == std::floor(number) ? 0 : std::max(decimals, 0));
}

std::string value_text(const Metric& metric, double value) {
  const UnitScale& unit = unit_for(metric, value);
  return number_text(value, unit) + " " + std::string(unit.name);
}

}  // namespace systol
