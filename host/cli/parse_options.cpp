#include "host/cli/parse_options.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "sim/base/error.h"

namespace systol {
namespace {

/// High enough to survive requantisation, low enough to be inside a small layer's sums.
constexpr std::uint32_t kDefaultFaultBit = 14;
constexpr std::uint32_t kSumBits = 32;

/// Takes a decimal number from the front of `text`.
std::optional<std::uint32_t> take_number(std::string_view& text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

StuckBit parse_fault(std::string_view text) {
  std::string_view rest = text;
  if (take(rest, "pe:")) {
    const auto row = take_number(rest);
    const bool comma = take(rest, ",");
    const auto column = take_number(rest);
    const auto bit = take(rest, ":") ? take_number(rest) : kDefaultFaultBit;
    if (row && comma && column && bit && *bit < kSumBits && rest.empty()) {
      return {*row, *column, *bit};
    }
  }
  throw InputError(
      fmt::format("--inject-fault '{}': expected pe:ROW,COLUMN or pe:ROW,COLUMN:BIT "
                  "with a bit from 0 to {}, as pe:3,5",
                  text, kSumBits - 1));
}

std::optional<TileRequest> parse_tile(std::string_view text, std::string_view option) {
  if (text.empty()) {
    return std::nullopt;
  }
  std::string_view rest = text;
  const auto first = take_number(rest);
  if (first && rest.empty()) {
    return TileRequest(std::uint64_t{*first});
  }
  const bool column_comma = take(rest, ",");
  const auto column = take_number(rest);
  const bool depth_comma = take(rest, ",");
  const auto depth = take_number(rest);
  if (!first || !column_comma || !column || !depth_comma || !depth || !rest.empty()) {
    throw InputError(
        fmt::format("{} '{}': expected a tile's number, as 3, or ROW,COLUMN,DEPTH, its "
                    "first sample, output and input, as 0,16,32",
                    option, text));
  }
  return TileRequest(TilePlace{*first, *column, *depth});
}

ImageSize parse_image_size(std::string_view text) {
  std::string_view rest = text;
  const auto height = take_number(rest);
  const bool times = take(rest, "x");
  const auto width = take_number(rest);
  if (!height || !times || !width || !rest.empty() || *height == 0 || *width == 0) {
    throw InputError(fmt::format("--resize '{}': expected HEIGHTxWIDTH in pixels, as 16x16", text));
  }
  return {*height, *width};
}

std::string check_whole_number(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) {
    return {};
  }
  return fmt::format("found '{}', allowed: whole numbers from 0 to {}", text, UINT64_MAX);
}

}  // namespace systol
