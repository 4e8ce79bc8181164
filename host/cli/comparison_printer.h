// A comparison on standard output, row by row.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "host/report/comparison.h"
#include "host/report/comparison_text.h"

namespace systol {

/// Prints each row as it comes. Rows that failed wait for the first that has a result, which sets
/// the units.
class ComparisonPrinter {
 public:
  /// Without `shown` nothing is printed. `layout` as ComparisonText takes it.
  ComparisonPrinter(ComparisonLayout layout, bool shown);

  /// `comparison` has the row as its last.
  void add(const Comparison& comparison);
  /// After the last row: marks those on the Pareto front where the terminal still shows them, and
  /// prints the summary.
  void finish(const Comparison& comparison, std::optional<std::size_t> best);

 private:
  void print(const Comparison& comparison, const ResultRow& row);
  void mark(const std::vector<bool>& front) const;

  ComparisonText text_;
  bool shown_;
  bool begun_ = false;
  std::size_t printed_ = 0;
};

}  // namespace systol
