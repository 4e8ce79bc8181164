// The rows of a table that a page has room for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "host/report/standings.h"

namespace systol {

/// Of more rows a page shows about as many, and says so.
inline constexpr std::size_t kMostPageRows = 10'000;

/// Gives all rows, one after another, each time it is called.
using RowSource = std::function<void(const std::function<void(const ResultRow&)>&)>;

/// Rows with a result of one workload.
struct RowGroup {
  std::size_t workload = 0;
  std::vector<ResultRow> rows;
  std::vector<bool> on_front;  ///< by row
};

struct ShownRows {
  std::vector<RowGroup> groups;   ///< in the order of their workloads; none is empty
  std::vector<ResultRow> failed;  ///< the first of those without a result
  std::uint64_t shown = 0;
  std::uint64_t step = 1;  ///< of the rows that nothing speaks for, each `step`-th is shown
};

/// All rows or, where there are more than kMostPageRows, a sample: those on the fronts (of more
/// than half as many, evenly spread ones), the best ones, and others at equal distances.
/// `standings` are those of the same rows.
ShownRows shown_rows(const Standings& standings, const RowSource& rows);

}  // namespace systol
