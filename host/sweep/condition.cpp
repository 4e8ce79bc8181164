#include "host/sweep/condition.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "sim/base/error.h"
#include "sim/config/nearest.h"

namespace systol {
namespace {

/// Those of two characters first.
constexpr std::array<std::string_view, 6> kComparisons = {"<=", ">=", "==", "!=", "<", ">"};

std::optional<double> leading_number(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() ? std::optional(number) : std::nullopt;
}

std::string_view without_blanks_around(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string_view::npos
             ? std::string_view()
             : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

double product(const std::vector<Condition::Factor>& factors,
               const std::vector<Setting>& settings) {
  double product = 1;
  for (const Condition::Factor& factor : factors) {
    const auto setting = std::ranges::find(settings, factor.key, &Setting::key);
    product *=
        setting == settings.end() ? factor.number : leading_number(setting->value).value_or(0);
  }
  return product;
}

std::vector<Condition::Factor> factors_of(std::string_view text,
                                          const std::vector<std::string>& keys,
                                          const std::string& where) {
  std::vector<Condition::Factor> factors;
  while (true) {
    const std::size_t star = text.find('*');
    const std::string_view word = without_blanks_around(text.substr(0, star));
    const bool is_key = std::ranges::find(keys, word) != keys.end();
    const std::optional<double> number = leading_number(word);
    if (!is_key && !number) {
      const std::string found =
          fmt::format("{}: {} is no number and no key that is swept", where, in_quotes(word));
      throw InputError(keys.empty() ? found + "; none is"
                                    : fmt::format("{}: {}", found, fmt::join(keys, ", ")));
    }
    factors.push_back({is_key ? std::string(word) : "", number.value_or(1)});
    if (star == std::string_view::npos) {
      return factors;
    }
    text.remove_prefix(star + 1);
  }
}

}  // namespace

bool Condition::holds(const std::vector<Setting>& settings) const {
  const double a = product(left, settings);
  const double b = product(right, settings);
  return comparison == "<="   ? a <= b
         : comparison == ">=" ? a >= b
         : comparison == "==" ? a == b
         : comparison == "!=" ? a != b
         : comparison == "<"  ? a < b
                              : a > b;
}

Condition parse_condition(std::string_view text, const std::vector<std::string>& keys,
                          std::string_view where) {
  for (const std::string_view comparison : kComparisons) {
    const std::size_t at = text.find(comparison);
    if (at != std::string_view::npos) {
      const std::string place = fmt::format("{}: found {}", where, in_quotes(text));
      return {std::string(text), factors_of(text.substr(0, at), keys, place),
              std::string(comparison),
              factors_of(text.substr(at + comparison.size()), keys, place)};
    }
  }
  throw InputError(
      fmt::format("{}: found {}, expected two products and one of {} between them, "
                  "such as 'array.rows * array.columns <= 4096'",
                  where, in_quotes(text), fmt::join(kComparisons, " ")));
}

}  // namespace systol
