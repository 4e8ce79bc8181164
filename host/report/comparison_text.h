// A comparison as lines of text, each row as soon as it is there.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "host/report/comparison.h"

namespace systol {

struct ComparisonLayout {
  std::vector<std::string> columns;  ///< by name; empty: those that say most and fit
  std::size_t width = 0;             ///< of a line, in characters; 0: as wide as it gets
  std::vector<std::size_t> first;    ///< metrics that stay longest where there is little room
  /// What is known of the rows to come: models, arrays, sizes, dataflows and settings.
  std::vector<ResultRow> expected;
  std::vector<Limit> limits;  ///< a column says which of them a row breaks
  bool checked = false;       ///< a column has the check's verdict
  bool accuracy = false;      ///< two columns have it
};

/// Cells have no blanks in them, and all numbers of a column are in the unit of its head: a shell
/// splits the lines, and numbers compare as they stand.
class ComparisonText {
 public:
  /// Throws InputError for a column that there is not, which begins with `where`.
  ComparisonText(ComparisonLayout layout, std::string_view where);

  /// The names of the columns and a rule. `first` sets the units.
  std::string header(const ResultRow& first);
  /// After header(). `base` is what it is compared with.
  std::string row(const ResultRow& row, const ResultRow* base) const;
  /// Columns that did not fit.
  const std::vector<std::string>& left_out() const { return left_out_; }

 private:
  struct Column {
    std::string name;
    std::size_t metric = kMetrics;  ///< kMetrics: none
    bool relative = false;          ///< the metric, divided by the base's
    int rank = 0;                   ///< the largest goes first where there is little room
    const UnitScale* unit = nullptr;
    std::string title{};
    std::size_t width = 0;
  };

  Column column(const std::string& name, int rank, std::string_view where) const;
  std::vector<Column> defaults() const;
  void measure(Column& column, const ResultRow& first) const;
  void fit();
  std::string cell(const Column& column, const ResultRow& row, const ResultRow* base) const;
  std::string line(const std::vector<std::string>& cells) const;

  ComparisonLayout layout_;
  std::vector<std::string> keys_;
  std::vector<Column> columns_;
  std::vector<std::string> left_out_;
};

}  // namespace systol
