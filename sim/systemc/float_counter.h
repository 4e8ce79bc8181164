// Which bits of bf16 operands change in the array, from what enters it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "hw/unit/pins.h"
#include "sim/config/array_config.h"
#include "sim/device.h"

namespace systol {

/// Told of each row at the edge at which it enters an array whose tiles stay.
class FloatCounter {
 public:
  FloatCounter(const ArrayConfig& config, std::vector<NodeResult>& nodes);

  /// A row of weights, of `columns` columns.
  void shift(const UnitInputs& pins, std::uint32_t columns, std::uint32_t node);
  void feed(const UnitInputs& pins, std::uint32_t node);
  /// After the last cycle. What rows did is known when all rows of their tile have come.
  void finish();

 private:
  using Values = std::vector<std::uint16_t>;
  struct Fed {
    std::uint32_t node = 0;
    std::vector<std::uint64_t> changes;       ///< of each lane's exponent
    std::vector<std::uint64_t> bits;          ///< of it that changed
    std::vector<std::uint64_t> values;        ///< other than the one before, and not 0
    std::vector<std::uint64_t> significands;  ///< bits that changed, but for a tile's first row
  };
  struct Tile {
    std::uint32_t columns = 0;
    std::uint32_t node = 0;  ///< that it became active for
    Values weights;          ///< [rows][columns of the array]
    std::vector<Fed> fed;
    Values first;  ///< its first row, and the row before
    Values before;
  };

  Fed& fed_by(std::uint32_t node);
  std::uint64_t nonzero(const Tile& tile, std::size_t row) const;
  /// Of the significands of a row's weights.
  std::uint64_t ones(const Tile& tile, std::size_t row) const;
  /// What the tile's first row does to the products of a PE row.
  void count_first_products(const Tile& tile, std::size_t row);
  /// Weights of a row that are not 0 and have other bits of `mask` than those before them.
  std::uint64_t turned(const Tile& tile, std::size_t row, unsigned mask) const;
  /// What the weights alone changed, where the first row's activation is that of the row before.
  void count_turned(const Tile& tile, std::size_t row);
  Activity& activity(std::uint32_t node) { return nodes_[node].activity; }

  std::size_t rows_;
  std::size_t columns_;
  std::vector<NodeResult>& nodes_;
  Values activations_;  ///< the row before
  Values weight_row_;   ///< the row of weights before
  Values weights_;      ///< of the tile before the active one
  std::shared_ptr<Tile> shifted_;
  std::shared_ptr<Tile> active_;
};

}  // namespace systol
