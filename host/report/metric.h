// What runs are compared by: each quantity's names, units and direction.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "host/report/report.h"
#include "sim/config/quantity_text.h"

namespace systol {

enum class Better : std::uint8_t { Less, More };

struct Metric {
  std::string_view name;   ///< of options and plans: "energy"
  std::string_view key;    ///< of CSV, JSON and databases, with the unit of the value: "energy_pj"
  std::string_view title;  ///< of tables, where it is not the name: "TOPS/W"
  std::span<const UnitScale> units;  ///< smallest first; the value's own has the scale 1
  Better better = Better::Less;
  double (*value)(const RunReport& report) = nullptr;
};

inline constexpr std::size_t kMetrics = 12;
using MetricValues = std::array<double, kMetrics>;

/// All of them; MetricValues are in this order.
std::span<const Metric, kMetrics> metrics();

/// Index of the metric with this name, key or title, whatever its case; nothing if there is none.
std::optional<std::size_t> find_metric(std::string_view name);

/// The same; throws InputError, "where: found ..., allowed: ...", where there is none.
std::size_t metric_index(std::string_view name, std::string_view where);

MetricValues metric_values(const RunReport& report);

/// Whether value `a` of the metric beats `b`.
bool beats(const Metric& metric, double a, double b);

/// The largest of the metric's units in which the value is at least 1, or 0.001 where the next
/// smaller unit is a millionth (areas); the smallest if none is.
const UnitScale& unit_for(const Metric& metric, double value);

/// In that unit: "3.490". Four digits at least, with an exponent only below 0.001 and from 10^7 on;
/// whole numbers have all their digits.
std::string number_text(double value, const UnitScale& unit);

/// With its unit: "3.490 us".
std::string value_text(const Metric& metric, double value);

/// The name as a table shows it.
std::string_view title_of(const Metric& metric);

}  // namespace systol
