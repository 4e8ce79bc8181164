#include "host/cli/comparison_printer.h"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

#include "host/cli/terminal.h"
#include "host/report/comparison_summary.h"

namespace systol {
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
  if (front.size() < 2 || !is_terminal(stdout) || front.size() >= terminal_rows(stdout)) {
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
  const std::string summary = comparison_summary(comparison.standings(best), text_.left_out());
  fmt::print("{}{}", begun_ && !summary.empty() ? "\n" : "", summary);
}

}  // namespace systol
