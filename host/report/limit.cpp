#include "host/report/limit.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <utility>
#include <vector>

#include "sim/base/error.h"
#include "sim/config/nearest.h"
#include "sim/config/text_file.h"

namespace systol {
namespace {

/// Units in ASCII: "mm²" is "mm2", both characters for micro are "u".
std::string plain_units(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kPlain = {
      {{"\u00b2", "2"}, {"\u00b5", "u"}, {"\u03bc", "u"}}};
  std::string plain(text);
  for (const auto& [from, to] : kPlain) {
    for (std::size_t at = plain.find(from); at != std::string::npos; at = plain.find(from, at)) {
      plain.replace(at, from.size(), to);
    }
  }
  return plain;
}

/// "1 W" and "1W" as the number and the unit.
std::pair<std::string_view, std::string_view> split(std::string_view quantity) {
  const std::size_t end = quantity.find_first_not_of("0123456789.");
  return end == std::string_view::npos
             ? std::pair(quantity, std::string_view())
             : std::pair(quantity.substr(0, end), trimmed(quantity.substr(end)));
}

bool has_unit(const Metric& metric, std::string_view name) {
  return std::ranges::any_of(metric.units,
                             [name](const UnitScale& unit) { return unit.name == name; });
}

std::string all_units() {
  std::vector<std::string_view> names;
  for (const Metric& metric : metrics()) {
    for (const UnitScale& unit : metric.units) {
      if (std::ranges::find(names, unit.name) == names.end()) {
        names.push_back(unit.name);
      }
    }
  }
  return join_names(names);
}

/// The first metric that is measured in this unit.
std::size_t measured_in(std::string_view unit, std::string_view text, std::string_view where) {
  for (std::size_t i = 0; i < kMetrics; ++i) {
    if (!unit.empty() && has_unit(metrics()[i], unit)) {
      return i;
    }
  }
  throw InputError(fmt::format(
      "{}: found {}, expected a number and one of the units {}, such as '1 W' or '2 mm2'", where,
      in_quotes(text), all_units()));
}

}  // namespace

double parse_metric_value(std::size_t metric, std::string_view text, std::string_view where) {
  const std::span<const UnitScale> units = metrics()[metric].units;
  // Where there is one unit alone, it need not be said.
  const bool said = units.size() > 1 || !split(text).second.empty();
  const QuantityResult<double> result = parse_quantity(
      said ? std::string(text) : fmt::format("{} {}", text, units.front().name), units);
  if (!result.value) {
    throw InputError(fmt::format("{}: found {} for {}, {}", where, in_quotes(text),
                                 metrics()[metric].name, result.error));
  }
  return *result.value;
}

Limit parse_limit(std::string_view text, std::string_view where) {
  const std::string plain = plain_units(text);
  std::string_view quantity = trimmed(plain);
  Limit limit;
  const std::size_t digit = quantity.find_first_of("0123456789.");
  if (digit != 0 && digit != std::string_view::npos && quantity[digit - 1] == ' ') {
    limit.metric = metric_index(trimmed(quantity.substr(0, digit)), where);
    quantity = quantity.substr(digit);
  } else {
    limit.metric = measured_in(split(quantity).second, text, where);
  }
  limit.value = parse_metric_value(limit.metric, quantity, where);
  return limit;
}

std::string limit_text(const Limit& limit) {
  const Metric& metric = metrics()[limit.metric];
  return fmt::format("{} at {} {}", metric.name, limit.at_most ? "most" : "least",
                     value_text(metric, limit.value));
}

std::string limits_text(std::span<const Limit> limits) {
  std::vector<std::string> texts;
  for (const Limit& limit : limits) {
    texts.push_back(limit_text(limit));
  }
  return fmt::format("{}", fmt::join(texts, " and "));
}

std::string broken_limits(std::span<const Limit> limits, const MetricValues& values) {
  std::vector<std::string_view> names;
  for (const Limit& limit : limits) {
    if (!limit.holds(values)) {
      names.push_back(metrics()[limit.metric].name);
    }
  }
  return fmt::format("{}", fmt::join(names, ","));
}

}  // namespace systol
