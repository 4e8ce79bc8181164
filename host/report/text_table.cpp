#include "host/report/text_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace systol {
namespace {

constexpr std::size_t kColumnGap = 2;

}  // namespace

std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string TextTable::text() const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], width_of(row[i]));
    }
  }
  std::string text;
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - width_of(row[i]), ' ');
      text += i == 0 ? row[i] + padding : std::string(kColumnGap, ' ') + padding + row[i];
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
    if (&row == &rows_.front()) {
      const std::size_t total = std::accumulate(widths.begin(), widths.end(), std::size_t{0}) +
                                kColumnGap * (widths.size() - 1);
      text += std::string(total, '-') + '\n';
    }
  }
  return text;
}

}  // namespace systol
