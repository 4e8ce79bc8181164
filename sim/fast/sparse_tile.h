// A tile of sparse weights, two of four, as if it were dense.
#pragma once

#include <cstdint>
#include <vector>

namespace systol {

class SparseTile {
 public:
  /// From the packed rows of a load_weights: `rows` of PEs, an even number, and `columns`.
  SparseTile(const std::uint8_t* packed, std::uint32_t rows, std::uint32_t columns);

  /// As on the pins: [rows][columns] of a weight and its index, a byte each. Once.
  std::vector<std::int8_t> take_lanes() { return std::move(lanes_); }

  /// One matrix, or two whose products are added, of [2 * rows][columns]: a row for each
  /// activation. The second has the weights whose place another weight of their group has taken
  /// already.
  std::vector<const std::vector<std::int8_t>*> dense() const;

 private:
  void place(std::size_t at, std::int8_t weight);

  std::vector<std::int8_t> lanes_;
  std::vector<std::int8_t> first_;
  std::vector<std::int8_t> second_;  ///< empty if nothing is there
};

}  // namespace systol
