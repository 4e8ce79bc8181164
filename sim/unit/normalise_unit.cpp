#include "sim/unit/normalise_unit.h"

#include <algorithm>
#include <limits>

namespace systol {
namespace {

constexpr std::size_t kRootBits = 32;
constexpr std::size_t kQuotientBits = 47;  // of 2^46

}  // namespace

void NormaliseUnit::begin(std::span<const std::int8_t> values, std::uint64_t epsilon) {
  values_.assign(values.begin(), values.end());
  normalised_.resize(values.size());
  epsilon_ = epsilon;
  pass_ = Pass::Sums;
  position_ = 0;
  sum_ = 0;
  squares_ = 0;
}

bool NormaliseUnit::step() {
  if (pass_ == Pass::Root) {
    root_bit();
    if (++position_ == kRootBits) {
      begin_reciprocal();
    }
    return false;
  }
  if (pass_ == Pass::Reciprocal) {
    reciprocal_bit();
    if (++position_ == kQuotientBits) {
      pass_ = Pass::Write;
      position_ = 0;
    }
    return false;
  }
  const std::size_t to = std::min(position_ + lanes_, values_.size());
  const bool sums = pass_ == Pass::Sums;
  if (sums) {
    add_values(position_, to);
  } else {
    write_values(position_, to);
  }
  position_ = to;
  if (sums && to == values_.size()) {
    begin_root();
  }
  return !sums && to == values_.size();
}

void NormaliseUnit::add_values(std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    sum_ += values_[i];
    squares_ += values_[i] * values_[i];
  }
  values_read_ += to - from;
}

void NormaliseUnit::begin_root() {
  const auto count = static_cast<std::int64_t>(values_.size());
  radicand_ = (static_cast<std::uint64_t>(count * squares_ - sum_ * sum_) + epsilon_) << 16U;
  remainder_ = 0;
  root_ = 0;
  pass_ = Pass::Root;
  position_ = 0;
}

/// By hand: the next two bits come down, and the root grows by a bit if its square still fits.
void NormaliseUnit::root_bit() {
  constexpr unsigned kTopBits = 62;
  remainder_ = remainder_ << 2U | radicand_ >> kTopBits;
  radicand_ <<= 2U;
  const std::uint64_t trial = root_ << 2U | 1U;
  const bool fits = remainder_ >= trial;
  remainder_ -= fits ? trial : 0;
  root_ = root_ << 1U | (fits ? 1U : 0U);
}

void NormaliseUnit::begin_reciprocal() {
  remainder_ = 0;
  reciprocal_ = 0;
  pass_ = Pass::Reciprocal;
  position_ = 0;
}

/// 2^46 / root by hand: of the dividend only the first bit is 1. Values that do not differ have no
/// root; their reciprocal stays 0.
void NormaliseUnit::reciprocal_bit() {
  remainder_ = remainder_ << 1U | (position_ == 0 ? 1U : 0U);
  const bool fits = root_ != 0 && remainder_ >= root_;
  remainder_ -= fits ? root_ : 0;
  reciprocal_ = reciprocal_ << 1U | (fits ? 1 : 0);
}

/// A value's distance from the mean, times the row's length; 27 bits of the product are after the
/// point.
void NormaliseUnit::write_values(std::size_t from, std::size_t to) {
  constexpr std::int64_t kUnit = std::int64_t{1} << 27U;
  const auto count = static_cast<std::int64_t>(values_.size());
  for (std::size_t i = from; i < to; ++i) {
    const std::int64_t product = (count * values_[i] - sum_) * reciprocal_ + kUnit / 2;
    const std::int64_t value = product >= 0 ? product / kUnit : -((-product + kUnit - 1) / kUnit);
    normalised_[i] = static_cast<std::int16_t>(std::clamp<std::int64_t>(
        value, std::numeric_limits<std::int16_t>::min(), std::numeric_limits<std::int16_t>::max()));
  }
  values_read_ += to - from;
  elements_ += to - from;
}

}  // namespace systol
