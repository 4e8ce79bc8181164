#include "sim/wave/wave_scopes.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "sim/base/error.h"

namespace systol {
namespace {

struct Range {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

std::optional<std::uint32_t> parse_number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

/// "3" or "0-7".
std::optional<Range> parse_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = parse_number(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse_number(text.substr(dash + 1));
  if (!first || !last || *first > *last) {
    return std::nullopt;
  }
  return Range{*first, *last};
}

[[noreturn]] void fail_unknown(const std::string& text) {
  throw WaveRequestError(WaveRequestError::Part::Scope,
                         fmt::format("unknown wave scope '{}'; allowed are ports, pe, pe:R,C, "
                                     "pe:R0-R1,C0-C1, commands, accumulators, all",
                                     text));
}

/// `text` is "pe:" and what follows.
PeBlock parse_block(const std::string& text, const UnitShape& shape) {
  const std::string_view numbers = std::string_view(text).substr(3);
  const std::size_t comma = numbers.find(',');
  const auto rows = parse_range(numbers.substr(0, comma));
  const auto columns =
      comma == std::string_view::npos ? std::nullopt : parse_range(numbers.substr(comma + 1));
  if (!rows || !columns) {
    fail_unknown(text);
  }
  if (rows->last >= shape.rows || columns->last >= shape.columns) {
    throw WaveRequestError(
        WaveRequestError::Part::Scope,
        fmt::format("wave scope '{}' is outside the array: rows are 0 to {}, columns "
                    "0 to {}",
                    text, shape.rows - 1, shape.columns - 1));
  }
  return {rows->first, rows->last, columns->first, columns->last};
}

WaveScopes default_scopes(const UnitShape& shape) {
  WaveScopes scopes{.ports = true, .commands = true, .accumulators = false, .pes = {}};
  const bool small = std::uint64_t{shape.rows} * shape.columns <= kMaxDefaultPes;
  const auto last = [small](std::uint32_t count) {
    return (small ? count : std::min(count, kDefaultPeBlock)) - 1;
  };
  scopes.pes = {{0, last(shape.rows), 0, last(shape.columns)}};
  return scopes;
}

}  // namespace

WaveScopes parse_wave_scopes(std::span<const std::string> texts, const UnitShape& shape) {
  if (texts.empty()) {
    return default_scopes(shape);
  }
  const PeBlock whole{0, shape.rows - 1, 0, shape.columns - 1};
  WaveScopes scopes;
  for (const std::string& text : texts) {
    const bool all = text == "all";
    scopes.ports |= all || text == "ports";
    scopes.commands |= all || text == "commands";
    scopes.accumulators |= all || text == "accumulators";
    if (all || text == "pe") {
      scopes.pes.push_back(whole);
    } else if (text.starts_with("pe:")) {
      scopes.pes.push_back(parse_block(text, shape));
    } else if (text != "ports" && text != "commands" && text != "accumulators") {
      fail_unknown(text);
    }
  }
  return scopes;
}

}  // namespace systol
