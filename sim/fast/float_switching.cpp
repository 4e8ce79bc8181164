#include "sim/fast/float_switching.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>
#include <utility>

#include "sim/base/bf16.h"
#include "sim/base/significand.h"
#include "sim/base/vectorised.h"

namespace systol {
namespace {

using enum Action;

constexpr unsigned kExponent = 0x7f80;
constexpr unsigned kMagnitude = 0x7fff;

/// Ones of 16 bits, without an instruction that not all processors have.
inline std::uint32_t ones_in_half(std::uint32_t x) {
  x -= x >> 1U & 0x5555U;
  x = (x & 0x3333U) + (x >> 2U & 0x3333U);
  x = (x + (x >> 4U)) & 0x0f0fU;
  return (x + (x >> 8U)) & 0x1fU;
}

SYSTOL_VECTORISED void add_changes(const std::uint16_t* __restrict before,
                                   const std::uint16_t* __restrict now, std::size_t count,
                                   std::uint32_t* __restrict bits,
                                   std::uint32_t* __restrict exponents,
                                   std::uint32_t* __restrict changes,
                                   std::uint32_t* __restrict values,
                                   std::uint32_t* __restrict significands) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t changed = before[i] ^ std::uint32_t{now[i]};
    const std::uint32_t exponent = changed & kExponent;
    bits[i] += ones_in_half(changed);
    exponents[i] += ones_in_half(exponent);
    changes[i] += exponent != 0 ? 1U : 0U;
    values[i] += (changed != 0 ? 1U : 0U) & ((now[i] & kMagnitude) != 0 ? 1U : 0U);
    significands[i] += ones_in_half(significand({before[i]}) ^ significand({now[i]}));
  }
}

SYSTOL_VECTORISED std::uint64_t half_toggles(const std::uint16_t* before, const std::uint16_t* now,
                                             std::size_t count) {
  std::uint32_t total = 0;
  for (std::size_t i = 0; i < count; ++i) {
    total += ones_in_half(before[i] ^ std::uint32_t{now[i]});
  }
  return total;
}

/// Weights that are not 0 and have other bits of `mask` than before.
SYSTOL_VECTORISED std::uint32_t turned(const std::uint16_t* before, const std::uint16_t* now,
                                       std::size_t count, unsigned mask) {
  std::uint32_t weights = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t changed = (before[i] ^ std::uint32_t{now[i]}) & mask;
    weights += (changed != 0 ? 1U : 0U) & ((now[i] & kMagnitude) != 0 ? 1U : 0U);
  }
  return weights;
}

/// Ones of the significands of weights before and now, and those that stay.
struct KeptOnes {
  std::uint64_t before = 0;
  std::uint64_t now = 0;
  std::uint64_t both = 0;
};

SYSTOL_VECTORISED KeptOnes kept_ones(const std::uint16_t* before, const std::uint16_t* now,
                                     std::size_t count) {
  std::uint32_t old = 0;
  std::uint32_t ones = 0;
  std::uint32_t both = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t a = significand({before[i]});
    const std::uint32_t b = significand({now[i]});
    old += ones_in_half(a);
    ones += ones_in_half(b);
    both += ones_in_half(a & b);
  }
  return {old, ones, both};
}

std::uint64_t total_of(const std::vector<std::uint32_t>& values) {
  return std::accumulate(values.begin(), values.end(), std::uint64_t{0});
}

}  // namespace

FloatSwitching::FloatSwitching(const ArrayConfig& config)
    : rows_(config.rows),
      columns_(config.columns),
      shifted_(columns_),
      activations_(rows_),
      row_(std::max(rows_, columns_)),
      weights_(rows_ * columns_),
      turned_exponents_(rows_),
      turned_values_(rows_),
      old_ones_(rows_),
      kept_ones_(rows_),
      ones_(rows_),
      bits_(rows_),
      exponents_(rows_),
      changes_(rows_),
      values_(rows_),
      significands_(rows_) {}

void FloatSwitching::widen(const void* from, std::size_t count, std::span<std::uint16_t> to) const {
  if (count > 0) {
    std::memcpy(to.data(), from, count * sizeof(Bf16));
  }
  std::ranges::fill(to.subspan(count), std::uint16_t{0});
}

/// Rows after the tile's last one are 0.
void FloatSwitching::tile_row(const MatrixView& tile, std::size_t k,
                              std::span<std::uint16_t> to) const {
  const bool padding = k >= tile.rows;
  widen(padding ? nullptr : tile.values + k * tile.stride, padding ? 0 : tile.columns, to);
}

void FloatSwitching::shift(const MatrixView& tile, Activity& activity) {
  std::uint64_t changed = 0;
  const std::span<std::uint16_t> row = std::span(row_).first(columns_);
  for (std::size_t k = 0; k < rows_; ++k) {
    tile_row(tile, k, row);
    changed += half_toggles(shifted_.data(), row.data(), columns_);
    std::ranges::copy(row, shifted_.begin());
  }
  activity[WeightBusToggles] += changed * rows_;
}

void FloatSwitching::swap(const MatrixView& tile, Activity& activity) {
  const std::span<std::uint16_t> row = std::span(row_).first(columns_);
  for (std::size_t k = 0; k < rows_; ++k) {
    tile_row(tile, k, row);
    std::uint16_t* active = &weights_[k * columns_];
    activity[WeightToggles] += half_toggles(active, row.data(), columns_);
    turned_exponents_[k] = turned(active, row.data(), columns_, kExponent);
    turned_values_[k] = turned(active, row.data(), columns_, UINT16_MAX);
    const KeptOnes ones = kept_ones(active, row.data(), columns_);
    old_ones_[k] = ones.before;
    kept_ones_[k] = ones.both;
    ones_[k] = ones.now;
    std::ranges::copy(row, active);
  }
  tile_columns_ = tile.columns;
  swapped_ = true;
}

void FloatSwitching::count_turned(std::span<const std::uint16_t> row) {
  for (std::size_t k = 0; k < rows_; ++k) {
    const unsigned changed = unsigned{activations_[k]} ^ row[k];
    const bool acts = (row[k] & kMagnitude) != 0;
    exponents_by_weights_ += acts && (changed & kExponent) == 0 ? turned_exponents_[k] : 0;
    products_by_weights_ += acts && changed == 0 ? turned_values_[k] : 0;
  }
}

/// From a0 w0 to a1 w1, of which significands_ will have what a1 alone does: as OperandSwitching.
void FloatSwitching::count_first_products(std::span<const std::uint16_t> row) {
  for (std::size_t k = 0; k < rows_; ++k) {
    const unsigned before = significand({activations_[k]});
    const unsigned now = significand({row[k]});
    rows_by_weights_ += ones_in_half(before) * old_ones_[k] + ones_in_half(now) * ones_[k] -
                        2 * std::uint64_t{ones_in_half(before & now)} * kept_ones_[k] -
                        ones_in_half(before ^ now) * ones_[k];
  }
}

void FloatSwitching::feed(const void* row, std::uint32_t depth) {
  const std::span<std::uint16_t> lanes = std::span(row_).first(rows_);
  widen(row, depth, lanes);
  if (std::exchange(swapped_, false)) {
    count_turned(lanes);
    count_first_products(lanes);
  }
  add_changes(activations_.data(), lanes.data(), rows_, bits_.data(), exponents_.data(),
              changes_.data(), values_.data(), significands_.data());
  std::ranges::copy(lanes, activations_.begin());
}

void FloatSwitching::count(Activity& activity) {
  activity[ActivationToggles] += columns_ * total_of(bits_);
  activity[IdleExponentToggles] += (columns_ - tile_columns_) * total_of(exponents_);
  for (std::size_t k = 0; k < rows_; ++k) {
    const std::span<const std::uint16_t> weights = std::span(weights_).subspan(k * columns_);
    const auto met =
        std::count_if(weights.begin(), weights.begin() + static_cast<std::ptrdiff_t>(columns_),
                      [](std::uint16_t weight) { return (weight & kMagnitude) != 0; });
    activity[ExponentChanges] += changes_[k] * static_cast<std::uint64_t>(met);
    activity[ProductChanges] += values_[k] * static_cast<std::uint64_t>(met);
    activity[ProductToggles] += significands_[k] * ones_[k];
  }
  activity[ExponentChanges] += std::exchange(exponents_by_weights_, 0);
  activity[ProductChanges] += std::exchange(products_by_weights_, 0);
  activity[ProductToggles] += std::exchange(rows_by_weights_, 0);
  for (std::vector<std::uint32_t>* counts :
       {&bits_, &exponents_, &changes_, &values_, &significands_}) {
    std::ranges::fill(*counts, 0U);
  }
}

}  // namespace systol
