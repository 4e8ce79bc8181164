#include "sim/fast/sum_estimate.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "hw/isa/pe_type.h"
#include "sim/base/vectorised.h"
#include "sim/fast/operand_counts.h"

namespace systol {
namespace {

constexpr double kSumBits = 32.0;
/// The bits that change where one sum takes the place of another that it has nothing in common
/// with: half of them, and half a bit, as expected_toggles has it but for the smallest sums.
constexpr double kOfNewSum = kSumBits / 2 + 0.5;

/// Adds the squares, and what is not 0, of each of `size` lanes.
SYSTOL_VECTORISED void add_lanes(const std::int8_t* values, std::size_t size, std::int32_t* squares,
                                 std::int32_t* nonzero) {
  for (std::size_t i = 0; i < size; ++i) {
    squares[i] += values[i] * values[i];
    nonzero[i] += values[i] != 0 ? 1 : 0;
  }
}

/// Of a number with that mean square.
double sum_bits(double square) { return std::log2(1 + std::sqrt(square)); }

double mean_square(const TileCounts& tile, std::size_t row, bool signs) {
  return signs ? 1.0
               : static_cast<double>(tile.squares()[row]) / static_cast<double>(tile.columns());
}

SYSTOL_VECTORISED void mean_squares(const std::uint32_t* __restrict squares, double columns,
                                    double* __restrict means, std::size_t count) {
  for (std::size_t row = 0; row < count; ++row) {
    means[row] = static_cast<double>(squares[row]) / columns;
  }
}

}  // namespace

/// Below the sums' magnitude bits change at random, above it all change with the sign; a small
/// change of a large sum carries half as far again.
double expected_toggles(double before, double now, double both) {
  const double change = std::max(0.0, before + now - 2 * both);
  if (change == 0.0) {
    return 0.0;
  }
  // No logarithm is taken of which only the lower of two bounds is needed.
  const double half_a_bit = change < 1.0 ? sum_bits(change) / 2 : 0.5;
  if (both == 0.0) {  // half of the bits change, in the magnitude and above it
    return kSumBits / 2 + half_a_bit;
  }
  const double magnitude = (before + now) / 2;
  const double magnitude_bits = sum_bits(magnitude);
  const double change_bits = change < magnitude ? sum_bits(change) : magnitude_bits;
  const double size = std::sqrt(before * now);
  const double cosine = size > 0.0 ? std::clamp(both / size, -1.0, 1.0) : 0.0;
  const double sign_changes = std::acos(cosine) / std::numbers::pi;
  return change_bits / 2 + half_a_bit + sign_changes * (kSumBits - magnitude_bits);
}

SumEstimate::SumEstimate(const ArrayConfig& config)
    : rows_(config.rows),
      signs_(isa::is_signs(config.pe)),
      squares_(config.rows),
      before_(config.rows),
      last_(config.rows) {}

double SumEstimate::product(std::int8_t a, std::int8_t b) const {
  constexpr int kSigns = isa::kSignsInByte;
  return signs_ ? kSigns - 2 * std::popcount(static_cast<std::uint8_t>(a ^ b)) : a * b;
}
double SumEstimate::square(std::int8_t value) const { return product(value, value); }

void SumEstimate::swap(const TileCounts& tile) {
  const std::size_t rows = std::min(squares_.size(), tile.rows());
  if (signs_) {
    std::fill_n(squares_.begin(), rows, 1.0);
  } else {
    mean_squares(tile.squares().data(), static_cast<double>(tile.columns()), squares_.data(), rows);
  }
  std::fill(squares_.begin() + static_cast<std::ptrdiff_t>(rows), squares_.end(), 0.0);
  swapped_ = true;
}

/// Sums of another tile have other weights: nothing in common.
double SumEstimate::begin(std::span<const std::int8_t> first, std::span<const std::int8_t> last,
                          std::uint32_t columns) {
  double now = 0.0;
  double both = 0.0;
  double after = 0.0;
  double toggles = 0.0;
  for (std::size_t row = 0; row < squares_.size(); ++row) {
    if (row < first.size()) {
      now += square(first[row]) * squares_[row];
      both += swapped_ ? 0.0 : product(first[row], last_[row]) * squares_[row];
      after += square(last[row]) * squares_[row];
    }
    toggles += swapped_ && before_[row] + now >= 1.0 ? kOfNewSum
                                                     : expected_toggles(before_[row], now, both);
    before_[row] = after;
  }
  std::ranges::copy(last, last_.begin());
  swapped_ = false;
  return toggles * columns;
}

/// Rows below the last one of a tile pass its sums on.
double SumEstimate::feed(const MatrixView& activations, const LaneMoments& moments,
                         std::span<const TilePart> weights) const {
  if (activations.rows == 1) {
    return 0.0;
  }
  const double changes = static_cast<double>(activations.rows - 1);
  const std::span<const std::int8_t> first = activations.row(0);
  const std::span<const std::int8_t> last = activations.row(activations.rows - 1);
  double toggles = 0.0;
  std::size_t k = 0;
  for (const TilePart& part : weights) {
    double before = 0.0;
    double now = 0.0;
    double both = 0.0;
    double bits = 0.0;
    for (std::size_t row = 0; row < part.depth; ++row, ++k) {
      const double weight = mean_square(*part.tile, row, signs_) / changes;
      before += (moments.squares[k] - square(last[k])) * weight;
      now += (moments.squares[k] - square(first[k])) * weight;
      both += moments.crosses[k] * weight;
      bits = expected_toggles(before, now, both);
      toggles += bits;
    }
    toggles += bits * (rows_ - part.depth);
  }
  const double columns =
      weights.empty() ? 0.0 : static_cast<double>(weights.front().tile->columns());
  return toggles * changes * columns;
}

/// Steps are taken together by a few, whose products are alike enough: the logarithms cost more
/// than the sums of squares.
double InPlaceSumEstimate::steps(const MatrixView& activations, const TileCounts& weights,
                                 bool begin) {
  constexpr std::size_t kStepsTogether = 4;
  const std::size_t depth = activations.columns;
  squares_.assign(depth, 0);
  nonzero_.assign(depth, 0);
  for (std::size_t row = 0; row < activations.rows; ++row) {
    add_lanes(activations.values + row * activations.stride, depth, squares_.data(),
              nonzero_.data());
  }
  const double pes = static_cast<double>(activations.rows) * static_cast<double>(weights.columns());
  double toggles = 0.0;
  for (std::size_t k = 0; k < depth;) {
    const bool first = begin && k == 0;  // replaces the sums by its product
    const std::size_t end = first ? 1 : std::min(depth, k + kStepsTogether);
    double grows = 0.0;    // the variance, on average over the PEs
    double changes = 0.0;  // PEs whose sums change
    for (; k < end; ++k) {
      grows += squares_[k] * static_cast<double>(weights.squares()[k]) / pes;
      changes += nonzero_[k] * static_cast<double>(weights.nonzero()[k]);
    }
    if (first) {
      toggles += pes * expected_toggles(sum_, grows, 0.0);
      sum_ = grows;
    } else if (changes > 0.0) {
      const double product = grows * pes / changes;  // the mean square of one that is not 0
      const double before = std::max(0.0, sum_ + (grows - product) / 2);
      toggles += changes * expected_toggles(before, before + product, before);
      sum_ += grows;
    }
  }
  return toggles;
}

}  // namespace systol
