#include "sim/unit/softmax_unit.h"

#include <algorithm>
#include <limits>

namespace systol {
namespace {

constexpr std::size_t kReciprocalBits = 40;

}  // namespace

void SoftmaxUnit::begin(std::span<const std::int8_t> logits) {
  begin_part(Part::Maximum, true, true, logits);
  whole_ = true;
}

void SoftmaxUnit::begin_part(Part part, bool first, bool last,
                             std::span<const std::int8_t> logits) {
  constexpr std::array kPasses = {Pass::Maximum, Pass::Exponentials, Pass::SharesAgain};
  logits_.assign(logits.begin(), logits.end());
  exponentials_.resize(logits.size());
  probabilities_.resize(logits.size());
  pass_ = kPasses[static_cast<std::size_t>(part)];
  whole_ = false;
  last_ = last;
  position_ = 0;
  if (pass_ == Pass::Maximum && first) {
    maximum_ = std::numeric_limits<std::int8_t>::min();
  }
  if (pass_ == Pass::Exponentials && first) {
    sum_ = 0;
  }
}

void SoftmaxUnit::set_row(std::int8_t maximum, std::uint64_t sum, std::uint64_t reciprocal) {
  maximum_ = maximum;
  sum_ = sum;
  reciprocal_ = reciprocal;
}

bool SoftmaxUnit::step() {
  if (pass_ == Pass::Reciprocal) {
    divide_bit();
    if (++position_ < kReciprocalBits) {
      return false;
    }
  } else {
    const std::size_t to = std::min(position_ + lanes_, logits_.size());
    if (pass_ == Pass::Maximum) {
      find_maximum(position_, to);
    } else if (pass_ == Pass::Exponentials) {
      add_exponentials(position_, to);
    } else {
      if (pass_ == Pass::SharesAgain) {
        look_up(position_, to);
      }
      write_shares(position_, to);
    }
    position_ = to;
    if (position_ < logits_.size()) {
      return false;
    }
  }
  position_ = 0;
  pass_ = next_pass();
  return pass_ == Pass::Idle;
}

/// After the end of a pass.
SoftmaxUnit::Pass SoftmaxUnit::next_pass() {
  if (pass_ == Pass::Exponentials && (whole_ || last_)) {
    begin_reciprocal();
    return Pass::Reciprocal;
  }
  if (!whole_ || pass_ == Pass::Shares) {
    return Pass::Idle;
  }
  if (pass_ == Pass::Maximum) {
    sum_ = 0;
    return Pass::Exponentials;
  }
  return Pass::Shares;
}

void SoftmaxUnit::find_maximum(std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    maximum_ = std::max(maximum_, logits_[i]);
  }
  logits_read_ += to - from;
}

void SoftmaxUnit::add_exponentials(std::size_t from, std::size_t to) {
  look_up(from, to);
  for (std::size_t i = from; i < to; ++i) {
    sum_ += exponentials_[i];
  }
}

void SoftmaxUnit::look_up(std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    exponentials_[i] = table_[static_cast<std::uint8_t>(maximum_ - logits_[i])];
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
