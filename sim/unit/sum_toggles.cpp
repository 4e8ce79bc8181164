#include "sim/unit/sum_toggles.h"

#include <algorithm>

#include "sim/base/vectorised.h"

namespace systol {
namespace {

/// changed[i] += bits of (before[i] ^ sums[i]) & mask; before[i] = sums[i]
SYSTOL_VECTORISED void count_changes(const std::int32_t* __restrict sums,
                                     std::int32_t* __restrict before,
                                     std::uint32_t* __restrict changed, std::size_t count,
                                     std::uint32_t mask) {
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t x =
        (static_cast<std::uint32_t>(sums[i]) ^ static_cast<std::uint32_t>(before[i])) & mask;
    x -= (x >> 1U) & 0x55555555U;
    x = (x & 0x33333333U) + ((x >> 2U) & 0x33333333U);
    x = (x + (x >> 4U)) & 0x0f0f0f0fU;
    changed[i] += (x * 0x01010101U) >> 24U;
    before[i] = sums[i];
  }
}

}  // namespace

SumToggles::SumToggles(std::uint32_t rows, std::uint32_t columns, std::uint32_t mask)
    : rows_(rows),
      columns_(columns),
      mask_(mask),
      before_(rows_ * columns_),
      changed_(rows_ + columns_ - 1),
      in_flight_(changed_.size(), kNone),
      quiet_(changed_.size()) {}

void SumToggles::step(bool fed, const std::int32_t* sums) {
  quiet_ = fed ? 0 : quiet_ + 1;
  if (quiet_ >= changed_.size()) {
    return;
  }
  in_flight_.pop_back();
  in_flight_.push_front(fed ? of_rows_.size() : kNone);
  if (fed) {
    of_rows_.push_back(0);
  }
  std::ranges::fill(changed_, 0U);
  for (std::size_t row = 0; row < rows_; ++row) {
    count_changes(sums + row * columns_, &before_[row * columns_], &changed_[row], columns_, mask_);
  }
  for (std::size_t diagonal = 0; diagonal < changed_.size(); ++diagonal) {
    if (in_flight_[diagonal] != kNone) {
      of_rows_[in_flight_[diagonal]] += changed_[diagonal];
    }
  }
}

}  // namespace systol
