#include "sim/fast/zero_operands.h"

#include <algorithm>
#include <vector>

#include "sim/base/vectorised.h"

namespace systol {
namespace {

/// counts[i] += values[i] != 0
SYSTOL_VECTORISED void count_nonzero(const std::int8_t* __restrict values,
                                     std::uint8_t* __restrict counts, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    counts[i] = static_cast<std::uint8_t>(counts[i] + (values[i] != 0 ? 1 : 0));
  }
}

constexpr std::size_t kMostMatrices = 1024;

/// How many of each column's values are not zero. Counting in bytes is fastest; 255 rows fit.
std::vector<std::uint32_t> count_columns(const MatrixView& a) {
  constexpr std::size_t kMostRows = 255;
  std::vector<std::uint32_t> totals(a.columns);
  std::vector<std::uint8_t> counts(a.columns);
  for (std::size_t first = 0; first < a.rows; first += kMostRows) {
    std::ranges::fill(counts, std::uint8_t{0});
    for (std::size_t row = first; row < std::min(a.rows, first + kMostRows); ++row) {
      count_nonzero(a.values + row * a.stride, counts.data(), a.columns);
    }
    std::ranges::transform(totals, counts, totals.begin(), std::plus<>());
  }
  return totals;
}

}  // namespace

std::uint64_t ZeroOperands::count(const MatrixView& a, const MatrixView& b) {
  const std::vector<std::uint32_t>& activations = counted(a).nonzero;
  std::uint64_t multiplied = 0;
  for (std::size_t k = 0; k < b.rows; ++k) {
    multiplied += std::uint64_t{activations[k]} * nonzero(b.values + k * b.stride, b.columns);
  }
  return std::uint64_t{a.rows} * a.columns * b.columns - multiplied;
}

std::uint64_t ZeroOperands::count(const MatrixView& a, std::span<const TilePart> b,
                                  std::size_t columns) {
  auto activations = counted(a).nonzero.begin();
  std::uint64_t multiplied = 0;
  for (const TilePart& part : b) {
    for (const std::uint16_t nonzero : part.nonzero()) {
      multiplied += std::uint64_t{*activations++} * nonzero;
    }
  }
  return std::uint64_t{a.rows} * a.columns * columns - multiplied;
}

void ZeroOperands::changed(const std::int8_t* first, const std::int8_t* end) {
  std::erase_if(counted_, [&](const Counted& counted) {
    const MatrixView& a = counted.matrix;
    return a.values < end && first < a.values + (a.rows - 1) * a.stride + a.columns;
  });
}

const LaneToggles& ZeroOperands::toggles(const MatrixView& a) {
  Counted& found = counted(a);
  if (!found.toggles) {
    found.toggles = toggles_down(a.values, a.stride, a.rows, a.columns);
  }
  return *found.toggles;
}

const LaneMoments& ZeroOperands::moments(const MatrixView& a) {
  Counted& found = counted(a);
  if (!found.moments) {
    found.moments = moments_down(a.values, a.stride, a.rows, a.columns);
  }
  return *found.moments;
}

std::uint64_t ZeroOperands::equal(const MatrixView& a, std::int8_t value) {
  Counted& found = counted(a);
  if (!found.equal || found.value != value) {
    std::uint64_t values = 0;
    for (std::size_t row = 0; row < a.rows; ++row) {
      values += equal_to(value, a.values + row * a.stride, a.columns);
    }
    found.equal = values;
    found.value = value;
  }
  return *found.equal;
}

ZeroOperands::Counted& ZeroOperands::counted(const MatrixView& a) {
  const auto found = std::ranges::find(counted_, a, &Counted::matrix);
  if (found != counted_.end()) {
    return *found;
  }
  if (counted_.size() == kMostMatrices) {
    counted_.clear();
  }
  counted_.push_back({a, count_columns(a), {}, {}, {}});
  return counted_.back();
}

}  // namespace systol
