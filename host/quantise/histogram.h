// How often the values of a tensor lie where in its range.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/graph/graph.h"

namespace systol {

/// 4096 bins of equal width over a finite range that is first widened to contain 0.
class Histogram {
 public:
  explicit Histogram(ValueRange range);

  void add(std::span<const float> values);

  /// The range without the (100 - percentile) / 2 % smallest values and as many of the largest, to
  /// the bin. `percentile` is at most 100.
  ValueRange percentile_range(double percentile) const;

  /// The range, cut at some magnitude, whose 256 steps keep the most of the values' distribution:
  /// of smallest Kullback-Leibler divergence between the values, clamped, and their steps; the
  /// widest of equal ones. Zeros do not count: they are exact over any range. Magnitudes are
  /// sixteenths to all of the largest one, in steps of 1/128.
  ValueRange entropy_range() const;

 private:
  struct Bins {
    std::size_t first = 0;
    std::size_t end = 0;
  };
  std::size_t bin_of(double value) const;
  ValueRange range_of(Bins bins) const;
  /// What a tensor of this range has within the magnitude.
  Bins within(double magnitude) const;
  double divergence(Bins bins) const;

  ValueRange range_;
  double width_ = 0;  ///< of a bin; 0 where the range is empty
  std::vector<std::uint64_t> counts_;
  std::uint64_t total_ = 0;
  std::uint64_t zeros_ = 0;
};

}  // namespace systol
