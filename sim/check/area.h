// A set of addresses that a strided access touches, and what two such sets share.
#pragma once

#include <cstdint>
#include <vector>

namespace systol {

/// `rows` pieces of `size` addresses, `pitch` apart. Rows that touch are one row; the pitch is then
/// 0, and greater than `size` otherwise.
struct Area {
  Area() = default;
  /// `pieces` of `length` addresses from `first` on, `distance` apart; they may touch or overlap.
  Area(std::uint64_t first, std::uint64_t distance, std::uint64_t pieces, std::uint64_t length);

  std::uint64_t address = 0;
  std::uint64_t pitch = 0;
  std::uint64_t rows = 1;
  std::uint64_t size = 0;

  std::uint64_t end() const { return address + (rows - 1) * pitch + size; }
  std::uint64_t count() const { return rows * size; }  ///< of addresses
  /// The end of the row that `at` lies in; 0 if it lies in none.
  std::uint64_t row_end(std::uint64_t at) const;
  bool operator==(const Area&) const = default;
};

/// How many addresses are in both.
std::uint64_t shared_count(const Area& a, const Area& b);

/// The first address that is in both; there must be one.
std::uint64_t first_shared(const Area& a, const Area& b);

/// Cuts `area` into what `by` has too, appended to `inside`, and what it has not, to `outside`.
/// Areas of one pitch, and pieces without gaps, are cut into a handful of parts; of two pitches
/// into rows.
void cut(const Area& area, const Area& by, std::vector<Area>& inside, std::vector<Area>& outside);

}  // namespace systol
