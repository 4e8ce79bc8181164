// A table that leaves out what a terminal has no room for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace systol {

inline constexpr std::size_t kAnyWidth = SIZE_MAX;

/// Rows of cells, as TextTable.
class FittedTable {
 public:
  explicit FittedTable(std::vector<std::string> header) : rows_{std::move(header)} {}
  /// As many cells as the header has.
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  /// As TextTable::text(). Where lines would be longer than `width`, columns of `least` are left
  /// out, the first of them first, until they are not, and a line after the table says which.
  std::string text(std::size_t width, std::span<const std::string_view> least) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace systol
