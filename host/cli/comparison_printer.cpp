#include "host/cli/comparison_printer.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "host/report/comparison_summary.h"

namespace systol {
namespace {

winsize terminal_size() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) {
    return {};
  }
  return size;
}

}  // namespace

std::size_t table_width() {
  if (const winsize size = terminal_size(); size.ws_col > 0) {
    return size.ws_col;
  }
  const char* columns = std::getenv("COLUMNS");
  const std::string_view text = columns == nullptr ? "" : columns;
  std::size_t width = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), width);
  return error == std::errc() && end == text.data() + text.size() ? width : 0;
}

ComparisonPrinter::ComparisonPrinter(ComparisonLayout layout, bool shown)
    : text_(std::move(layout), "--columns"), shown_(shown) {}

void ComparisonPrinter::add(const Comparison& comparison) {
  if (!shown_) {
    return;
  }
  const std::vector<ResultRow>& rows = comparison.rows;
  if (!begun_ && rows.back().failed()) {
    return;
  }
  if (!begun_) {
    fmt::print("{}", text_.header(rows.back()));
    begun_ = true;
  }
  for (; printed_ < rows.size(); ++printed_) {
    print(comparison, rows[printed_]);
  }
  std::fflush(stdout);
}

void ComparisonPrinter::print(const Comparison& comparison, const ResultRow& row) {
  fmt::print("{}", text_.row(row, comparison.baseline(row.workload)));
}

void ComparisonPrinter::mark(const std::vector<bool>& front) const {
  if (front.size() < 2 || ::isatty(STDOUT_FILENO) == 0 || front.size() >= terminal_size().ws_row) {
    return;
  }
  for (std::size_t i = 0; i < front.size(); ++i) {
    if (front[i]) {
      const std::size_t up = front.size() - i;
      fmt::print("\x1b[{0}A\r*\x1b[{0}B\r", up);
    }
  }
}

void ComparisonPrinter::finish(const Comparison& comparison, std::optional<std::size_t> best) {
  if (!shown_) {
    return;
  }
  if (begun_) {
    mark(comparison.front());
  }
  const std::string summary = comparison_summary(comparison, best, text_.left_out());
  fmt::print("{}{}", begun_ && !summary.empty() ? "\n" : "", summary);
}

}  // namespace systol
