#include "sim/fast/operand_switching.h"

#include <algorithm>
#include <array>
#include <bit>

namespace systol {
namespace {

using enum Action;

/// Values that were `state` become `now`, and the rest of it 0.
void replace(std::span<std::int8_t> state, std::span<const std::int8_t> now) {
  std::ranges::fill(std::ranges::copy(now, state.begin()).out, state.end(), std::int8_t{0});
}

/// The same, and how many bits that changes.
std::uint64_t change(std::span<std::int8_t> state, std::span<const std::int8_t> now) {
  const std::span<std::int8_t> rest = state.subspan(now.size());
  const std::uint64_t changed =
      toggles(state.data(), now.data(), now.size()) + bits(rest.data(), rest.size());
  replace(state, now);
  return changed;
}

/// How many bits change where values with that many ones become others.
std::uint64_t changed_bits(const OperandOnes& before, const OperandOnes& now) {
  return before.bits + now.bits - 2 * now.common_bits;
}

std::span<const std::int8_t> row_of(const MatrixView& matrix, std::size_t row) {
  return {matrix.values + row * matrix.stride, matrix.columns};
}

/// Ones of an operand before and now, and those that stay.
struct Kept {
  std::uint64_t before = 0;
  std::uint64_t now = 0;
  std::uint64_t both = 0;
};

/// By value: not all processors that this is compiled for count ones in an instruction.
constexpr auto kOnes = [] {
  std::array<std::uint8_t, 256> ones{};
  for (unsigned value = 0; value < ones.size(); ++value) {
    ones[value] = static_cast<std::uint8_t>(std::popcount(value));
  }
  return ones;
}();

Kept bits_kept(std::int8_t before, std::int8_t now) {
  const auto ones_in = [](int value) { return kOnes[static_cast<std::uint8_t>(value)]; };
  return {ones_in(before), ones_in(now), ones_in(before & now)};
}

Kept sign_kept(std::int8_t before, std::int8_t now) {
  return {before < 0 ? 1U : 0U, now < 0 ? 1U : 0U, before < 0 && now < 0 ? 1U : 0U};
}

/// Pairs of ones that come or go.
std::uint64_t pairs(const Kept& a, const Kept& w) {
  return a.before * w.before + a.now * w.now - 2 * a.both * w.both;
}

}  // namespace

OperandSwitching::OperandSwitching(const ArrayConfig& config)
    : rows_(config.rows),
      columns_(config.columns),
      shifted_(columns_),
      active_(config.dataflow == Dataflow::OutputStationary ? columns_ : rows_ * columns_),
      activations_(rows_),
      before_(active_.size() / columns_),
      now_(before_) {}

void OperandSwitching::shift(const MatrixView& tile, Activity& activity) {
  std::uint64_t changed = 0;
  for (std::size_t row = 0; row < tile.rows; ++row) {
    changed += change(shifted_, row_of(tile, row));
  }
  if (tile.rows < rows_) {
    changed += change(shifted_, {});
  }
  activity[WeightBusToggles] += changed * rows_;
}

void OperandSwitching::swap(const MatrixView& tile, Activity& activity) {
  std::swap(before_, now_);
  for (std::size_t row = 0; row < rows_; ++row) {
    const std::span<std::int8_t> active(&active_[row * columns_], columns_);
    const std::span<const std::int8_t> next =
        row < tile.rows ? row_of(tile, row) : std::span<const std::int8_t>();
    now_[row] = ones(active.data(), next.data(), next.size());
    activity[WeightToggles] += changed_bits(before_[row], now_[row]);
    replace(active, next);
  }
  swapped_ = true;
}

void OperandSwitching::begin(std::span<const std::int8_t> first, std::span<const std::int8_t> last,
                             Activity& activity) {
  for (std::size_t lane = 0; lane < rows_; ++lane) {
    const std::int8_t before = activations_[lane];
    const std::int8_t now = lane < first.size() ? first[lane] : std::int8_t{0};
    const OperandOnes& ones = now_[lane];
    const OperandOnes& old = before_[lane];
    const Kept bits = swapped_ ? Kept{old.bits, ones.bits, ones.common_bits}
                               : Kept{ones.bits, ones.bits, ones.bits};
    const Kept negated = swapped_ ? Kept{old.negated, ones.negated, ones.common_negated}
                                  : Kept{ones.negated, ones.negated, ones.negated};
    activity[ProductToggles] += pairs(bits_kept(before, now), bits);
    activity[SignToggles] += pairs(sign_kept(before, now), negated);
  }
  swapped_ = false;
  activity[ActivationToggles] += columns_ * change(activations_, first);
  std::ranges::copy(last, activations_.begin());
}

void OperandSwitching::feed(const LaneToggles& down, const MatrixView& weights,
                            Activity& activity) const {
  for (std::size_t k = 0; k < weights.rows; ++k) {
    const std::span<const std::int8_t> met = row_of(weights, k);
    if (down.bits[k] == 0) {
      continue;
    }
    activity[ActivationToggles] += columns_ * down.bits[k];
    activity[ProductToggles] += down.bits[k] * bits(met.data(), met.size());
    activity[SignToggles] +=
        down.signs[k] == 0 ? 0 : down.signs[k] * negated_bits(met.data(), met.size());
  }
}

/// A step's activations are a column of the product's, and are brought together for some steps.
void OperandSwitching::step(const MatrixView& activations, const MatrixView& weights,
                            Activity& activity) {
  constexpr std::size_t kTogether = 64;
  std::vector<std::int8_t> lanes(kTogether * rows_);
  for (std::size_t from = 0; from < weights.rows; from += kTogether) {
    const std::size_t steps = std::min(kTogether, weights.rows - from);
    for (std::size_t row = 0; row < activations.rows; ++row) {
      const std::int8_t* values = activations.values + row * activations.stride + from;
      for (std::size_t k = 0; k < steps; ++k) {
        lanes[k * rows_ + row] = values[k];
      }
    }
    for (std::size_t k = 0; k < steps; ++k) {
      step({&lanes[k * rows_], rows_}, row_of(weights, from + k), activity);
    }
  }
}

/// A step's activations all meet its weights, so that sums over the lanes are enough.
void OperandSwitching::step(std::span<const std::int8_t> lanes, std::span<const std::int8_t> met,
                            Activity& activity) {
  const OperandOnes old = now_[0];
  now_[0] = ones(active_.data(), met.data(), met.size());
  const Kept kept{fed_bits_, bits(lanes.data(), lanes.size()),
                  systol::common_bits(activations_.data(), lanes.data(), lanes.size())};
  const Kept kept_signs{fed_signs_, signs(lanes.data(), lanes.size()),
                        common_signs(activations_.data(), lanes.data(), lanes.size())};
  activity[ProductToggles] += pairs(kept, {old.bits, now_[0].bits, now_[0].common_bits});
  activity[SignToggles] +=
      pairs(kept_signs, {old.negated, now_[0].negated, now_[0].common_negated});
  activity[WeightToggles] += rows_ * changed_bits(old, now_[0]);
  activity[ActivationToggles] += columns_ * (kept.before + kept.now - 2 * kept.both);
  replace(active_, met);
  std::ranges::copy(lanes, activations_.begin());
  fed_bits_ = kept.now;
  fed_signs_ = kept_signs.now;
}

}  // namespace systol
