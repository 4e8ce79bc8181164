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

/// Of each sign of a byte, in how many columns it changes; what was not there before was 0.
SignFlips sign_flips(std::span<const std::int8_t> before, std::span<const std::int8_t> now) {
  SignFlips flips{};
  for (std::size_t column = 0; column < now.size(); ++column) {
    const int old = column < before.size() ? before[column] : 0;
    const auto changed = static_cast<unsigned>(old ^ now[column]);
    for (std::size_t bit = 0; bit < flips.size(); ++bit) {
      flips[bit] += changed >> bit & 1U;
    }
  }
  return flips;
}

/// A tile's last rows may be empty.
Kept kept_in(const RowOnes& rows, std::size_t row) {
  const auto at = [row](std::span<const std::uint16_t> ones) -> std::uint64_t {
    return row < ones.size() ? ones[row] : 0;
  };
  return {at(rows.before), at(rows.now), at(rows.both)};
}

}  // namespace

OperandSwitching::OperandSwitching(const ArrayConfig& config)
    : rows_(config.rows),
      columns_(config.columns),
      signs_(isa::is_signs(config.pe)),
      shifted_(columns_),
      activations_(rows_),
      before_(std::make_shared<TileCounts>(MatrixView{})),
      now_(before_),
      step_weights_(columns_) {}

void OperandSwitching::shift(const MatrixView& tile, const TileCounts& counts, Activity& activity) {
  std::uint64_t changed = change(shifted_, tile.row(0)) + counts.toggles();
  replace(shifted_, tile.row(tile.rows - 1));
  if (tile.rows < rows_) {
    changed += change(shifted_, {});
  }
  activity[WeightBusToggles] += changed * rows_;
}

void OperandSwitching::swap(const MatrixView& before, const MatrixView& tile,
                            const std::shared_ptr<TileCounts>& counts, Activity& activity) {
  before_ = std::move(now_);
  now_ = counts;
  common_ = &counts->common(tile, before, *before_);
  if (signs_) {
    flips_.assign(tile.rows, {});
    for (std::size_t row = 0; row < tile.rows; ++row) {
      const auto old = row < before.rows ? before.row(row) : std::span<const std::int8_t>();
      flips_[row] = sign_flips(old, tile.row(row));
    }
  }
  activity[WeightToggles] += before_->bits() + now_->bits() - 2 * common_->bits;
  swapped_ = true;
}

void OperandSwitching::begin(std::span<const std::int8_t> first, std::span<const std::int8_t> last,
                             Activity& activity) {
  if (signs_) {
    begin_signs(first, activity);
  } else {
    begin_products(first, activity);
  }
  swapped_ = false;
  activity[ActivationToggles] += columns_ * change(activations_, first);
  std::ranges::copy(last, activations_.begin());
}

/// In the lanes that carry some: a product changes where one of activation and weight does.
void OperandSwitching::begin_signs(std::span<const std::int8_t> first, Activity& activity) {
  for (std::size_t lane = 0; lane < first.size(); ++lane) {
    const auto changed = static_cast<unsigned>(activations_[lane] ^ first[lane]);
    for (std::size_t bit = 0; bit < isa::kSignsInByte; ++bit) {
      const std::uint64_t flips = swapped_ ? flips_[lane][bit] : 0;
      activity[ProductToggles] += (changed >> bit & 1U) != 0 ? now_->columns() - flips : flips;
    }
  }
}

void OperandSwitching::begin_products(std::span<const std::int8_t> first, Activity& activity) {
  RowOnes bits{now_->row_bits(), now_->row_bits(), now_->row_bits()};
  RowOnes negated{now_->negated(), now_->negated(), now_->negated()};
  if (swapped_) {
    bits = {before_->row_bits(), now_->row_bits(), common_->row_bits};
    negated = {before_->negated(), now_->negated(), common_->negated};
  }
  const std::size_t lanes = std::min({first.size(), bits.before.size(), bits.now.size()});
  std::uint64_t products = changed_pairs(activations_.data(), first.data(), bits, lanes);
  std::uint64_t signs = changed_sign_pairs(activations_.data(), first.data(), negated, lanes);
  for (std::size_t lane = lanes; lane < rows_; ++lane) {  // which not all of them have
    const std::int8_t before = activations_[lane];
    const std::int8_t now = lane < first.size() ? first[lane] : std::int8_t{0};
    products += pairs(bits_kept(before, now), kept_in(bits, lane));
    signs += pairs(sign_kept(before, now), kept_in(negated, lane));
  }
  activity[ProductToggles] += products;
  activity[SignToggles] += signs;
}

void OperandSwitching::feed(const LaneToggles& down, std::span<const TilePart> weights,
                            Activity& activity) const {
  std::size_t k = 0;
  for (const TilePart& part : weights) {
    const TileCounts& tile = *part.tile;
    for (std::size_t row = 0; row < part.depth; ++row, ++k) {
      const std::uint64_t changes = down.bits[k];
      activity[ActivationToggles] += columns_ * changes;
      activity[ProductToggles] += changes * (signs_ ? tile.columns() : tile.row_bits()[row]);
      activity[SignToggles] += signs_ ? 0 : std::uint64_t{down.signs[k]} * tile.negated()[row];
    }
  }
}

/// A step's activations are a column of the product's, and are brought together for some steps.
void OperandSwitching::step(const MatrixView& activations, const MatrixView& weights,
                            Activity& activity) {
  constexpr std::size_t kStepsInBlock = 64;
  std::vector<std::int8_t> lanes(kStepsInBlock * rows_);
  for (std::size_t from = 0; from < weights.rows; from += kStepsInBlock) {
    const std::size_t steps = std::min(kStepsInBlock, weights.rows - from);
    for (std::size_t row = 0; row < activations.rows; ++row) {
      const std::int8_t* values = activations.values + row * activations.stride + from;
      for (std::size_t k = 0; k < steps; ++k) {
        lanes[k * rows_ + row] = values[k];
      }
    }
    for (std::size_t k = 0; k < steps; ++k) {
      step({&lanes[k * rows_], rows_}, weights.row(from + k), activity);
    }
  }
}

/// A step's activations all meet its weights, so that sums over the lanes are enough.
void OperandSwitching::step(std::span<const std::int8_t> lanes, std::span<const std::int8_t> met,
                            Activity& activity) {
  const OperandOnes old = step_ones_;
  step_ones_ = ones(step_weights_.data(), met.data(), met.size());
  const Kept kept{fed_bits_, bits(lanes.data(), lanes.size()),
                  systol::common_bits(activations_.data(), lanes.data(), lanes.size())};
  const Kept kept_signs{fed_signs_, signs(lanes.data(), lanes.size()),
                        common_signs(activations_.data(), lanes.data(), lanes.size())};
  if (!signs_) {
    activity[ProductToggles] += pairs(kept, {old.bits, step_ones_.bits, step_ones_.common_bits});
    activity[SignToggles] +=
        pairs(kept_signs, {old.negated, step_ones_.negated, step_ones_.common_negated});
  }
  activity[WeightToggles] += rows_ * (old.bits + step_ones_.bits - 2 * step_ones_.common_bits);
  activity[ActivationToggles] += columns_ * (kept.before + kept.now - 2 * kept.both);
  replace(step_weights_, met);
  std::ranges::copy(lanes, activations_.begin());
  fed_bits_ = kept.now;
  fed_signs_ = kept_signs.now;
}

}  // namespace systol
