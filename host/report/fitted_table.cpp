#include "host/report/fitted_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "host/report/text_table.h"

namespace systol {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string text_of(const Rows& rows) {
  TextTable table(rows.front());
  for (std::size_t i = 1; i < rows.size(); ++i) {
    table.add(rows[i]);
  }
  return table.text();
}

/// The rule below the header is as wide as the table.
std::size_t table_width(const std::string& text) {
  const std::size_t rule = text.find('\n') + 1;
  return text.find('\n', rule) - rule;
}

}  // namespace

std::string FittedTable::text(std::size_t width, std::span<const std::string_view> least) const {
  Rows rows = rows_;
  std::string text = text_of(rows);
  std::vector<std::string_view> left_out;
  for (const std::string_view name : least) {
    if (table_width(text) <= width) {
      break;
    }
    const auto column = std::ranges::find(rows.front(), name) - rows.front().begin();
    if (column == std::ssize(rows.front())) {
      continue;
    }
    for (std::vector<std::string>& row : rows) {
      row.erase(row.begin() + column);
    }
    left_out.push_back(name);
    text = text_of(rows);
  }
  return left_out.empty()
             ? text
             : text + fmt::format("not shown in this width: {}\n", fmt::join(left_out, ", "));
}

}  // namespace systol
