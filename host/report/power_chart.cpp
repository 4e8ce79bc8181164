#include "host/report/power_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <vector>

#include "host/report/numbers.h"

namespace systol {
namespace {

constexpr std::size_t kColumns = 64;
constexpr std::size_t kRows = 8;

struct Column {
  double average = 0;
  double largest = 0;
};

std::vector<Column> columns_of(std::span<const Watts> windows) {
  const std::size_t each = (windows.size() + kColumns - 1) / kColumns;
  std::vector<Column> columns;
  for (std::size_t from = 0; from < windows.size(); from += each) {
    const auto part = windows.subspan(from, std::min(each, windows.size() - from));
    Column column;
    for (const Watts watts : part) {
      column.average += watts.count() / static_cast<double>(part.size());
      column.largest = std::max(column.largest, watts.count());
    }
    columns.push_back(column);
  }
  return columns;
}

/// Of the row between two heights: whether the value reaches its middle.
const char* mark(const Column& column, double middle) {
  return column.average >= middle ? "█" : column.largest >= middle ? "░" : " ";
}

}  // namespace

std::string power_chart(const PowerOverTime& over_time, Cycles cycles) {
  const std::vector<Column> columns = columns_of(over_time.average);
  if (columns.empty()) {
    return {};
  }
  const double top = std::ranges::max(columns, {}, &Column::largest).largest;
  std::string text;
  for (std::size_t row = kRows; row-- > 0;) {
    std::string line;
    for (const Column& column : columns) {
      line += mark(column, top * (static_cast<double>(row) + 0.5) / kRows);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += fmt::format("{:>8} │{}\n", row + 1 == kRows ? power(top) : "", line);
  }
  const std::string end = fmt::format("{} cycles", grouped(cycles.count()));
  text +=
      fmt::format("{:>8} └0{:>{}}\n", power(0), end, std::max(columns.size() - 1, end.size() + 1));
  return text;
}

}  // namespace systol
