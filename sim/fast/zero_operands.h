// How many multiplications of a matrix product have a zero operand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/fast/matrix_view.h"
#include "sim/fast/operand_counts.h"
#include "sim/fast/tile_counts.h"

namespace systol {

/// Counts products with a zero factor. Activations are multiplied by one column tile of weights
/// after another; what was counted in them is kept until they change.
class ZeroOperands {
 public:
  /// Of the a.rows * a.columns * b.columns products of a b, those with a zero factor.
  std::uint64_t count(const MatrixView& a, const MatrixView& b);
  /// The same where b is these tiles, one below the other, each of `columns` columns.
  std::uint64_t count(const MatrixView& a, std::span<const TilePart> b, std::size_t columns);
  /// Column by column, what changes from each row of `a` to the next; good until the next call.
  const LaneToggles& toggles(const MatrixView& a);
  const LaneMoments& moments(const MatrixView& a);
  /// Values of `a` that are `value`.
  std::uint64_t equal(const MatrixView& a, std::int8_t value);

  /// Values of matrices `a` have changed: all that lie in [first, end), and maybe more.
  void changed(const std::int8_t* first, const std::int8_t* end);

 private:
  struct Counted {
    MatrixView matrix;
    std::vector<std::uint32_t> nonzero;  ///< per column
    std::optional<LaneToggles> toggles;  ///< once they were asked for, as the moments
    std::optional<LaneMoments> moments;
    std::optional<std::uint64_t> equal;  ///< to `value`
    std::int8_t value = 0;
  };

  Counted& counted(const MatrixView& a);

  std::vector<Counted> counted_;
};

}  // namespace systol
