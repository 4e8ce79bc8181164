// Columns that align.
#pragma once

#include <string>
#include <vector>

namespace systol {

/// Rows of cells, the first column flush left, the others flush right.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> header) : rows_{std::move(header)} {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  /// The header, a rule and the rows, each line ending in a newline.
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace systol
