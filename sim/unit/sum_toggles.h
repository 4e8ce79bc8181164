// Bits of partial-sum registers that change, from what a unit's registers hold after each edge.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

namespace systol {

/// PE (r, c) works, r + c cycles later, on the row or step that was fed: what it changes then
/// counts for that row.
class SumToggles {
 public:
  /// Of the bits that `mask` has.
  SumToggles(std::uint32_t rows, std::uint32_t columns, std::uint32_t mask = UINT32_MAX);

  /// After each edge: whether it took a row in, and the sums of all PEs, [rows][columns].
  void step(bool fed, const std::int32_t* sums);

  /// Of each row that was fed, in order; those that are still in the array are not complete.
  const std::vector<std::uint64_t>& of_rows() const { return of_rows_; }

 private:
  static constexpr std::size_t kNone = SIZE_MAX;

  std::size_t rows_;
  std::size_t columns_;
  std::uint32_t mask_;
  std::vector<std::int32_t> before_;
  std::vector<std::uint32_t> changed_;  ///< on each diagonal
  std::deque<std::size_t> in_flight_;   ///< on each diagonal: the row's number, or none
  std::size_t quiet_ = 0;               ///< edges since the last one that took a row in
  std::vector<std::uint64_t> of_rows_;
};

}  // namespace systol
