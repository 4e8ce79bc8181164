#include "host/sweep/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <optional>

#include "sim/base/error.h"
#include "sim/config/nearest.h"

namespace systol {
namespace {

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(at);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(end + 1);
  }
}

/// "1.5 GHz".
struct Number {
  double value = 0;
  std::string unit;
};

std::optional<Number> number_of(std::string_view text) {
  Number number;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number.value);
  if (error != std::errc() || !std::isfinite(number.value)) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  number.unit = text;
  return number;
}

[[noreturn]] void fail(std::string_view where, const std::string& problem) {
  throw InputError(fmt::format("{}: {}", where, problem));
}

Number required_number(const std::string& text, std::string_view what, std::string_view where) {
  const std::optional<Number> number = number_of(text);
  if (!number) {
    fail(where, fmt::format("found {} where a range {}, expected a number, with its unit if it "
                            "has one",
                            in_quotes(text), what));
  }
  return *number;
}

/// "8..64*2": nothing for other text.
std::optional<Range> range_of(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos || !number_of(text.substr(0, dots))) {
    return std::nullopt;  // a path may begin with ".."
  }
  const std::size_t sign = text.find_last_of("+*");
  const bool stepped = sign != std::string_view::npos && sign > dots;
  return Range{std::string(text.substr(0, dots)),
               std::string(text.substr(dots + 2, stepped ? sign - dots - 2 : sign)),
               stepped ? std::string(text.substr(sign + 1)) : "1", stepped && text[sign] == '*'};
}

}  // namespace

void Axis::append(std::size_t level, std::vector<Setting>& settings) const {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    settings.push_back({keys[i], levels[level][i]});
  }
}

std::vector<std::string> expand(const Range& range, std::string_view where) {
  const Number from = required_number(range.from, "begins", where);
  const Number to = required_number(range.to, "ends", where);
  const Number step = required_number(range.step, "steps", where);
  if (from.unit != to.unit || (step.unit != from.unit && !step.unit.empty())) {
    fail(where, fmt::format("found a range from {} to {} in steps of {}, whose units differ; "
                            "allowed: the same in all",
                            in_quotes(range.from), in_quotes(range.to), in_quotes(range.step)));
  }
  if (to.value < from.value || (range.factor && from.value <= 0) ||
      !(step.value > (range.factor ? 1 : 0))) {
    fail(where,
         fmt::format("found a range from {} to {} {} {}, allowed: an end that is not below "
                     "the beginning, and a step above 0 or a factor above 1",
                     range.from, range.to, range.factor ? "times" : "in steps of", range.step));
  }
  // A little more than the end, so that steps of 0.1 reach it.
  const double end = to.value * (1 + 1e-12);
  std::vector<double> values;
  for (;;) {
    const auto place = static_cast<double>(values.size());
    const double value =
        range.factor ? from.value * std::pow(step.value, place) : from.value + place * step.value;
    if (value > end) {
      break;
    }
    if (values.size() == kMostLevels) {
      fail(where, fmt::format("found a range of more than {} values", kMostLevels));
    }
    values.push_back(value);
  }
  std::vector<std::string> texts;
  std::ranges::transform(values, std::back_inserter(texts), [&](double value) {
    return from.unit.empty() ? fmt::format("{:.12g}", value)
                             : fmt::format("{:.12g} {}", value, from.unit);
  });
  return texts;
}

Axis parse_axis(std::string_view text, std::string_view where) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size()) {
    fail(where, fmt::format("found {}, expected key.path=VALUES, such as array.rows=8,16,32 or "
                            "array.rows=8..64*2",
                            in_quotes(text)));
  }
  Axis axis;
  axis.keys = split(text.substr(0, equals), ':');
  const std::string_view values = text.substr(equals + 1);
  if (const auto range = axis.keys.size() == 1 ? range_of(values) : std::nullopt) {
    for (std::string& value : expand(*range, where)) {
      axis.levels.push_back({std::move(value)});
    }
    return axis;
  }
  for (const std::string& level : split(values, ',')) {
    axis.levels.push_back(axis.keys.size() == 1 ? std::vector{level} : split(level, ':'));
    if (axis.levels.back().size() != axis.keys.size() ||
        std::ranges::find(axis.levels.back(), "") != axis.levels.back().end()) {
      fail(where, fmt::format("found the values {}, expected {} for {}", in_quotes(level),
                              axis.keys.size() == 1 ? "one" : std::to_string(axis.keys.size()),
                              fmt::format("{}", text.substr(0, equals))));
    }
  }
  return axis;
}

void check_keys(const std::vector<Axis>& axes, std::string_view where) {
  std::vector<std::string> seen;
  for (const Axis& axis : axes) {
    for (const std::string& key : axis.keys) {
      if (std::ranges::find(seen, key) != seen.end()) {
        fail(where, fmt::format("found the key {} twice", in_quotes(key)));
      }
      seen.push_back(key);
    }
  }
}

}  // namespace systol
