// How many bits of partial sums change, estimated from the operands: the fast engine has no partial
// sums. docs/energy.md states the method and its error.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/config/array_config.h"
#include "sim/fast/matrix_view.h"
#include "sim/fast/operand_counts.h"
#include "sim/fast/tile_counts.h"

namespace systol {

/// Told of tiles and rows in the order in which they enter a weight- or input-stationary array.
///
/// A column's weights are taken for independent of each other: then a partial sum below PE row k
/// has the variance S, the sum up to k of x^2 times the mean of w^2 over the tile's columns, and
/// the sums of two rows that follow each other the covariance X, with x x' in place of x^2. Signs
/// are numbers of 1 and -1, eight to a byte.
class SumEstimate {
 public:
  explicit SumEstimate(const ArrayConfig& config);

  /// The tile that is used from now on.
  void swap(const TileCounts& tile);
  /// Rows from `first` to `last` of a matmul of `columns` columns are fed. The bits that `first`
  /// changes.
  double begin(std::span<const std::int8_t> first, std::span<const std::int8_t> last,
               std::uint32_t columns);
  /// The bits that the other rows change in these tiles, one below the other.
  double feed(const MatrixView& activations, const LaneMoments& moments,
              std::span<const TilePart> weights) const;

 private:
  /// Of two activations; of two bytes of signs the sum of eight products.
  double product(std::int8_t a, std::int8_t b) const;
  double square(std::int8_t value) const;

  double rows_;
  bool signs_;
  std::vector<double> squares_;  ///< the tile's mean of w^2 in each row
  std::vector<double> before_;   ///< S of what was fed last, below each row
  std::vector<std::int8_t> last_;
  bool swapped_ = true;
};

/// The same with sums in place: a sum grows by one product in each step. All PEs with work are
/// taken for alike, with the mean of x^2 over the PE rows times that of w^2 over the columns.
class InPlaceSumEstimate {
 public:
  /// A product's steps: column k of `activations`, [rows][depth], meets row k of `weights`. With
  /// `begin` the sums start at zero. The bits that change.
  double steps(const MatrixView& activations, const TileCounts& weights, bool begin);

 private:
  double sum_ = 0.0;  ///< the sums' variance
  // Of each step's activations, over the PE rows.
  std::vector<std::int32_t> squares_;
  std::vector<std::int32_t> nonzero_;
};

/// The bits that are expected to change in a sum of 32 bits that goes from variance `before` to
/// `now`, with the covariance `both`.
double expected_toggles(double before, double now, double both);

}  // namespace systol
