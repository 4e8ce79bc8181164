#include "host/result_page/metric_axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

const UnitScale& own_unit(const Metric& metric) {
  const auto own = std::ranges::find_if(
      metric.units, [](const UnitScale& unit) { return unit.numerator == unit.denominator; });
  return own == metric.units.end() ? metric.units.back() : *own;
}

/// "~s" puts its own prefix before a unit, so that one that has a prefix already is none for it.
const UnitScale& axis_unit(const Metric& metric) {
  const bool prefixed = metric.key.ends_with("_pj") || metric.key.ends_with("_um2");
  return prefixed ? metric.units.back() : own_unit(metric);
}

std::string title(const Metric& metric, const UnitScale& unit) {
  const std::string_view name = title_of(metric);
  return unit.name == name ? std::string(name) : fmt::format("{} ({})", name, unit.name);
}

}  // namespace

std::string title_with_unit(const Metric& metric) { return title(metric, own_unit(metric)); }

MetricAxes metric_axes() {
  MetricAxes axes{Json::object(), Json::object()};
  for (const Metric& metric : metrics()) {
    const UnitScale& unit = axis_unit(metric);
    const std::string key(metric.key);
    axes.titles[key] = title(metric, unit);
    axes.scales[key] = static_cast<double>(unit.denominator) / static_cast<double>(unit.numerator);
  }
  return axes;
}

Json metric_keys() {
  Json keys = Json::array();
  for (const Metric& metric : metrics()) {
    keys.push_back(metric.key);
  }
  return keys;
}

Json metric_titles() {
  Json titles = Json::array();
  for (const Metric& metric : metrics()) {
    titles.push_back(title_of(metric));
  }
  return titles;
}

}  // namespace systol
