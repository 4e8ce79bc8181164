#include "sim/fast/float_sums.h"

#include <algorithm>
#include <bit>

#include "sim/base/bf16.h"
#include "sim/base/vectorised.h"

namespace systol {
namespace {

constexpr std::size_t kColumnsAddedUp = 4;
constexpr std::uint32_t kSumExponent = 0x7f800000;

struct ChangedBits {
  std::uint32_t all = 0;
  std::uint32_t exponents = 0;
};

inline std::uint32_t ones_in_word(std::uint32_t x) {
  x -= x >> 1U & 0x55555555U;
  x = (x & 0x33333333U) + (x >> 2U & 0x33333333U);
  x = (x + (x >> 4U)) & 0x0f0f0f0fU;
  return x * 0x01010101U >> 24U;
}

/// One PE row further: products of `activations`, `stride` apart, with a weight are added to
/// `sums`, of which sums[0] is that of the row before. What changes from sum to sum.
SYSTOL_VECTORISED ChangedBits add_row(const float* __restrict activations, std::size_t stride,
                                      float weight, float* __restrict sums, std::size_t count,
                                      std::uint32_t before) {
  ChangedBits bits;
  for (std::size_t i = 0; i < count; ++i) {
    sums[i] += activations[i * stride] * weight;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t last = i == 0 ? before : std::bit_cast<std::uint32_t>(sums[i - 1]);
    const std::uint32_t changed = std::bit_cast<std::uint32_t>(sums[i]) ^ last;
    bits.all += ones_in_word(changed);
    bits.exponents += ones_in_word(changed & kSumExponent);
  }
  return bits;
}

}  // namespace

FloatSums::FloatSums(const ArrayConfig& config)
    : rows_(config.rows),
      columns_(config.columns),
      step_(std::max<std::size_t>(1, columns_ / kColumnsAddedUp)),
      before_((columns_ + step_ - 1) / step_ * rows_) {}

void FloatSums::feed(const void* row, std::uint32_t depth) {
  waiting_.resize(std::max(waiting_.size(), (fed_ + 1) * rows_));
  float* lanes = &waiting_[fed_++ * rows_];
  for (std::size_t k = 0; k < rows_; ++k) {
    lanes[k] =
        k < depth ? to_float(read_bf16(static_cast<const char*>(row) + k * sizeof(Bf16))) : 0.0F;
  }
}

SumBits FloatSums::changes(std::span<const std::uint16_t> weights, std::size_t column,
                           std::span<std::uint32_t> before) const {
  SumBits changed;
  std::vector<float> sums(fed_);
  for (std::size_t k = 0; k < rows_; ++k) {
    const ChangedBits bits =
        add_row(&waiting_[k], rows_, to_float({weights[k * columns_ + column]}), sums.data(), fed_,
                before[k]);
    before[k] = std::bit_cast<std::uint32_t>(sums.back());
    changed.all += bits.all;
    changed.exponents += bits.exponents;
  }
  return changed;
}

SumBits FloatSums::count(std::span<const std::uint16_t> weights, std::size_t columns) {
  SumBits changed;
  double added_up = 0.0;
  for (std::size_t column = 0; column < columns_ && fed_ > 0; column += step_) {
    const std::span<std::uint32_t> before =
        std::span(before_).subspan(column / step_ * rows_, rows_);
    if (column < columns) {
      changed += changes(weights, column, before);
      added_up += 1.0;
    } else {
      std::ranges::fill(before, 0U);
    }
  }
  fed_ = 0;
  const double scale = added_up > 0.0 ? static_cast<double>(columns) / added_up : 0.0;
  return {changed.all * scale, changed.exponents * scale};
}

}  // namespace systol
