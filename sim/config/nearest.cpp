#include "sim/config/nearest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include "sim/base/text.h"

namespace systol {
namespace {

constexpr std::size_t kLongestQuote = 60;
constexpr std::size_t kLongestMistake = 64;  // longer ones are not typing mistakes, and cost time

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return result;
}

/// Insertions, deletions, replacements and swaps of neighbours that make `b` of `a`.
std::size_t edits(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      const std::size_t replace = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({replace, cost[i - 1][j] + 1, cost[i][j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

std::string_view nearest_name(std::string_view given, std::span<const std::string_view> names) {
  if (given.size() > kLongestMistake) {
    return {};
  }
  const std::string wanted = lower(given);
  std::string_view best;
  std::size_t fewest = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  for (std::string_view name : names) {
    const std::size_t cost = edits(wanted, lower(name));
    if (cost < fewest && cost < name.size()) {
      fewest = cost;
      best = name;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view given, std::span<const std::string_view> names) {
  const std::string_view name = nearest_name(given, names);
  return name.empty() ? std::string() : fmt::format(" (did you mean '{}'?)", name);
}

std::string join_names(std::span<const std::string_view> names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string in_quotes(std::string_view text) {
  if (text.size() <= kLongestQuote) {
    return fmt::format("'{}'", printable(text));
  }
  std::size_t end = kLongestQuote;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    --end;  // not inside a character
  }
  return fmt::format("'{}...'", printable(text.substr(0, end)));
}

}  // namespace systol
