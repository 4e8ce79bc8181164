// Which bits of operands change in the array, from whole matrices: what the clocked engines count
// on the pins, row by row.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "sim/activity.h"
#include "sim/config/array_config.h"
#include "sim/fast/matrix_view.h"
#include "sim/fast/operand_counts.h"
#include "sim/fast/tile_counts.h"

namespace systol {

/// Columns in which each sign of a byte changes.
using SignFlips = std::array<std::uint32_t, isa::kSignsInByte>;

/// Told of tiles and rows in the order in which they enter the array. Lanes of padding are 0.
///
/// Where the bits of a and w meet in all pairs and both change, from a0 w0 to a1 w1, the pairs of
/// two ones that come or go are |a0||w0| + |a1||w1| - 2 |a0 & a1||w0 & w1|: sums over the columns
/// can be made before they are multiplied.
class OperandSwitching {
 public:
  explicit OperandSwitching(const ArrayConfig& config);

  /// A tile's rows pass all PEs of their columns on their way to the shadow registers.
  void shift(const MatrixView& tile, const TileCounts& counts, Activity& activity);
  /// It takes the place of `before` with the row that begins next.
  void swap(const MatrixView& before, const MatrixView& tile,
            const std::shared_ptr<TileCounts>& counts, Activity& activity);

  /// Rows from `first` to `last` are fed. This counts the change from what was fed before to
  /// `first`; of the changes from row to row only `feed` knows.
  void begin(std::span<const std::int8_t> first, std::span<const std::int8_t> last,
             Activity& activity);
  /// What `down`, the changes from row to row, do where they meet these tiles, one below the other.
  void feed(const LaneToggles& down, std::span<const TilePart> weights, Activity& activity) const;

  /// Sums in place: a product's steps, [samples][steps] and [steps][columns].
  void step(const MatrixView& activations, const MatrixView& weights, Activity& activity);

 private:
  void begin_products(std::span<const std::int8_t> first, Activity& activity);
  void begin_signs(std::span<const std::int8_t> first, Activity& activity);
  void step(std::span<const std::int8_t> lanes, std::span<const std::int8_t> met,
            Activity& activity);

  std::uint64_t rows_;
  std::uint64_t columns_;
  bool signs_;                                  ///< operands are signs, eight to a byte
  std::vector<SignFlips> flips_;                ///< of the rows of the active tile, by the swap
  std::vector<std::int8_t> shifted_;            ///< the row that was shifted last
  std::vector<std::int8_t> activations_;        ///< the row, or step, that was fed last
  std::shared_ptr<const TileCounts> before_;    ///< of the tile before the active one
  std::shared_ptr<const TileCounts> now_;       ///< of the active one
  const TileCounts::Common* common_ = nullptr;  ///< of both
  std::vector<std::int8_t> step_weights_;       ///< in place: of the last step
  OperandOnes step_ones_;                       ///< in them
  // In place, of `activations_`:
  std::uint64_t fed_bits_ = 0;
  std::uint64_t fed_signs_ = 0;
  bool swapped_ = false;  ///< the row that begins next is its first
};

}  // namespace systol
