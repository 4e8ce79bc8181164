#include "host/sweep/shard.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "host/sweep/grid.h"
#include "sim/base/error.h"
#include "sim/config/nearest.h"

namespace systol {
namespace {

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

}  // namespace

std::string text_of(const Shard& shard) {
  return fmt::format("{}/{}", shard.index + 1, shard.count);
}

Shard parse_shard(std::string_view text, std::string_view where) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto number = whole_number(text.substr(0, slash));
  const auto count = whole_number(text.substr(std::min(slash + 1, text.size())));
  if (!number || !count || *number < 1 || *number > *count || *count > kMostPoints) {
    throw InputError(fmt::format(
        "{}: found {}, allowed: a number and how many there are, as in 3/100, at most {}", where,
        in_quotes(text), kMostPoints));
  }
  return {*number - 1, *count};
}

}  // namespace systol
