#include "sim/unit/softmax_unit.h"

#include <algorithm>
#include <limits>

namespace systol {
namespace {

constexpr std::size_t kReciprocalBits = 40;

}  // namespace

void SoftmaxUnit::begin(std::span<const std::int8_t> logits) {
  logits_.assign(logits.begin(), logits.end());
  exponentials_.resize(logits.size());
  probabilities_.resize(logits.size());
  pass_ = Pass::Maximum;
  position_ = 0;
  maximum_ = std::numeric_limits<std::int8_t>::min();
  sum_ = 0;
}

bool SoftmaxUnit::step() {
  if (pass_ == Pass::Reciprocal) {
    divide_bit();
    if (++position_ == kReciprocalBits) {
      pass_ = Pass::Shares;
      position_ = 0;
    }
    return false;
  }
  const std::size_t to = std::min(position_ + lanes_, logits_.size());
  if (pass_ == Pass::Maximum) {
    find_maximum(position_, to);
  } else if (pass_ == Pass::Exponentials) {
    add_exponentials(position_, to);
  } else {
    write_shares(position_, to);
  }
  position_ = to;
  if (position_ < logits_.size()) {
    return false;
  }
  position_ = 0;
  if (pass_ == Pass::Exponentials) {
    begin_reciprocal();
  }
  const bool ended = pass_ == Pass::Shares;
  pass_ = ended ? Pass::Idle : pass_ == Pass::Maximum ? Pass::Exponentials : Pass::Reciprocal;
  return ended;
}

void SoftmaxUnit::find_maximum(std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    maximum_ = std::max(maximum_, logits_[i]);
  }
  logits_read_ += to - from;
}

void SoftmaxUnit::add_exponentials(std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    exponentials_[i] = table_[static_cast<std::uint8_t>(maximum_ - logits_[i])];
    sum_ += exponentials_[i];
  }
  logits_read_ += to - from;
}

/// 2^40 / sum by hand: its top bit here, each zero after it in a cycle of its own. A table whose
/// entry for the maximum is 0 is no softmax table; it is divided as if the sum were 1.
void SoftmaxUnit::begin_reciprocal() {
  sum_ = std::max<std::uint64_t>(sum_, 1);
  reciprocal_ = sum_ == 1 ? 1 : 0;
  remainder_ = sum_ == 1 ? 0 : 1;
}

void SoftmaxUnit::divide_bit() {
  remainder_ <<= 1U;
  const bool fits = remainder_ >= sum_;
  remainder_ -= fits ? sum_ : 0;
  reciprocal_ = reciprocal_ << 1U | (fits ? 1U : 0U);
}

/// The share of 256 in 32 bits after the point, rounded to the nearest whole, at most 255.
void SoftmaxUnit::write_shares(std::size_t from, std::size_t to) {
  constexpr std::uint64_t kHalf = std::uint64_t{1} << 31U;
  for (std::size_t i = from; i < to; ++i) {
    const std::uint64_t share = (exponentials_[i] * reciprocal_ + kHalf) >> 32U;
    const auto offset = static_cast<std::int32_t>(std::min<std::uint64_t>(share, 255)) - 128;
    probabilities_[i] = static_cast<std::int8_t>(offset);
  }
  elements_ += to - from;
}

}  // namespace systol
