// Bits of partial sums in fp32 that change, from some columns whose sums are added up as the array
// does it: the fast engine has no partial sums otherwise.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/config/array_config.h"
#include "sim/device.h"

namespace systol {

/// Told of the rows that enter an array whose tiles stay, in their order.
class FloatSums {
 public:
  explicit FloatSums(const ArrayConfig& config);

  /// A row of `depth` bf16 at any address.
  void feed(const void* row, std::uint32_t depth);
  /// What the rows since the last call changed in a tile of `columns` columns: exactly in up to
  /// four of them, and as much in each of the others. `weights` are [rows][columns of the array],
  /// bf16.
  SumBits count(std::span<const std::uint16_t> weights, std::size_t columns);

 private:
  /// In one column.
  SumBits changes(std::span<const std::uint16_t> weights, std::size_t column,
                  std::span<std::uint32_t> before) const;

  std::size_t rows_;
  std::size_t columns_;
  std::size_t step_;                   ///< from a column that is added up to the next
  std::size_t fed_ = 0;                ///< rows that wait
  std::vector<float> waiting_;         ///< [rows that wait][PE rows]
  std::vector<std::uint32_t> before_;  ///< of each such column the sums below each PE row
};

}  // namespace systol
