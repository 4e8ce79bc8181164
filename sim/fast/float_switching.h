// Which bits of bf16 operands change in an array whose tiles stay, from whole matrices.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/activity.h"
#include "sim/config/array_config.h"
#include "sim/fast/matrix_view.h"

namespace systol {

/// Told of tiles and rows in the order in which they enter the array: bf16 at any address, of which
/// views count values, but strides in bytes. Lanes of padding are 0.
class FloatSwitching {
 public:
  explicit FloatSwitching(const ArrayConfig& config);

  void shift(const MatrixView& tile, Activity& activity);
  /// The tile takes effect with the row that is fed next.
  void swap(const MatrixView& tile, Activity& activity);
  /// A row of `depth` activations, at most as many as there are PE rows.
  void feed(const void* row, std::uint32_t depth);
  /// What the rows that were fed since the last call did, which all met the active tile.
  void count(Activity& activity);

  /// [rows][columns], of the active tile, 0 where it has none.
  std::span<const std::uint16_t> weights() const { return weights_; }
  std::size_t tile_columns() const { return tile_columns_; }

 private:
  using Values = std::vector<std::uint16_t>;

  /// What the tile's weights alone changed, where its first row repeats the row before.
  void count_turned(std::span<const std::uint16_t> row);
  /// Rows of products in which both operands change.
  void count_first_products(std::span<const std::uint16_t> row);
  /// A row of values, and the rest 0.
  void widen(const void* from, std::size_t count, std::span<std::uint16_t> to) const;
  void tile_row(const MatrixView& tile, std::size_t k, std::span<std::uint16_t> to) const;

  std::size_t rows_;
  std::size_t columns_;
  Values shifted_;      ///< the row that was shifted last
  Values activations_;  ///< the row that was fed last
  Values row_;
  Values weights_;
  std::size_t tile_columns_ = 0;
  bool swapped_ = false;  ///< no row was fed since the last swap
  // Of each PE row: its weights that are not 0 and have another exponent, or another value, than
  // those of the tile before.
  std::vector<std::uint32_t> turned_exponents_;
  std::vector<std::uint32_t> turned_values_;
  std::uint64_t exponents_by_weights_ = 0;  ///< exponents of products since the last count
  std::uint64_t products_by_weights_ = 0;
  // Of each PE row: ones of the weights' significands before the swap, those that stayed, and now.
  std::vector<std::uint64_t> old_ones_;
  std::vector<std::uint64_t> kept_ones_;
  std::vector<std::uint64_t> ones_;
  /// Bits of rows of products since the last count, beside those of significands_; modulo 2^64, as
  /// there may be fewer.
  std::uint64_t rows_by_weights_ = 0;
  // Of each lane, in the rows since the last count: bits that changed, those of the exponent, how
  // often it did, how often a value came that is not 0 and not the one before, and bits of
  // significands.
  std::vector<std::uint32_t> bits_;
  std::vector<std::uint32_t> exponents_;
  std::vector<std::uint32_t> changes_;
  std::vector<std::uint32_t> values_;
  std::vector<std::uint32_t> significands_;
};

}  // namespace systol
