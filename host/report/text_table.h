// Columns that align.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace systol {

/// Characters, not bytes: names may hold UTF-8.
std::size_t width_of(const std::string& text);

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
