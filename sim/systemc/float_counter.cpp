#include "sim/systemc/float_counter.h"

#include <bit>
#include <utility>

#include "sim/base/bf16.h"
#include "sim/base/significand.h"

namespace systol {
namespace {

using enum Action;

constexpr unsigned kExponent = 0x7f80;
constexpr unsigned kMagnitude = 0x7fff;

std::uint64_t ones_of(unsigned bits) { return static_cast<std::uint64_t>(std::popcount(bits)); }

/// Bits in which lanes differ from `before`, which becomes what they are now.
std::uint64_t change(std::uint16_t* before, Lanes now, std::size_t count) {
  std::uint64_t changed = 0;
  for (std::size_t lane = 0; lane < count; ++lane) {
    const std::uint16_t value = read_bf16(now + lane * sizeof(Bf16)).bits;
    changed += ones_of(std::exchange(before[lane], value) ^ unsigned{value});
  }
  return changed;
}

/// Pairs of ones of two significands.
std::uint64_t pairs_of(std::uint16_t a, std::uint16_t w) {
  return ones_of(significand({a})) * ones_of(significand({w}));
}

/// Ones of the rows of a product that come or go as it becomes another.
std::uint64_t changed_rows(std::uint16_t a0, std::uint16_t w0, std::uint16_t a1, std::uint16_t w1) {
  const std::uint64_t kept = ones_of(significand({a0}) & significand({a1})) *
                             ones_of(significand({w0}) & significand({w1}));
  return pairs_of(a0, w0) + pairs_of(a1, w1) - 2 * kept;
}

}  // namespace

FloatCounter::FloatCounter(const ArrayConfig& config, std::vector<NodeResult>& nodes)
    : rows_(config.rows),
      columns_(config.columns),
      nodes_(nodes),
      activations_(rows_),
      weight_row_(columns_),
      weights_(rows_ * columns_) {}

void FloatCounter::shift(const UnitInputs& pins, std::uint32_t columns, std::uint32_t node) {
  if (pins.weight_row == 0) {
    shifted_ = std::make_shared<Tile>();
    shifted_->columns = columns;
    shifted_->weights.resize(rows_ * columns_);
  }
  activity(node)[WeightBusToggles] +=
      rows_ * change(weight_row_.data(), pins.weight_data, columns_);
  if (shifted_) {
    change(&shifted_->weights[pins.weight_row * columns_], pins.weight_data, columns_);
  }
}

void FloatCounter::feed(const UnitInputs& pins, std::uint32_t node) {
  if (pins.feed_swap) {
    finish();
    active_ = shifted_;
    if (active_) {
      active_->node = node;
      active_->before = activations_;
    }
  }
  for (std::size_t lane = 0; active_ && lane < rows_; ++lane) {
    Fed& fed = fed_by(node);
    const unsigned value = read_bf16(pins.feed_data + lane * sizeof(Bf16)).bits;
    const unsigned changed = (activations_[lane] ^ value) & kExponent;
    fed.changes[lane] += changed != 0 ? 1 : 0;
    fed.bits[lane] += ones_of(changed);
    fed.values[lane] += value != activations_[lane] && (value & kMagnitude) != 0 ? 1 : 0;
    fed.significands[lane] += pins.feed_swap
                                  ? 0
                                  : ones_of(significand({activations_[lane]}) ^
                                            significand({static_cast<std::uint16_t>(value)}));
  }
  activity(node)[ActivationToggles] +=
      columns_ * change(activations_.data(), pins.feed_data, rows_);
  if (pins.feed_swap && active_) {
    active_->first = activations_;
  }
}

FloatCounter::Fed& FloatCounter::fed_by(std::uint32_t node) {
  std::vector<Fed>& all = active_->fed;
  if (all.empty() || all.back().node != node) {
    const std::vector<std::uint64_t> none(rows_);
    all.push_back({node, none, none, none, none});
  }
  return all.back();
}

std::uint64_t FloatCounter::nonzero(const Tile& tile, std::size_t row) const {
  std::uint64_t count = 0;
  for (std::size_t i = row * columns_; i < (row + 1) * columns_; ++i) {
    count += (tile.weights[i] & kMagnitude) != 0 ? 1 : 0;
  }
  return count;
}

std::uint64_t FloatCounter::turned(const Tile& tile, std::size_t row, unsigned mask) const {
  std::uint64_t count = 0;
  for (std::size_t i = row * columns_; i < (row + 1) * columns_; ++i) {
    const unsigned changed = unsigned{tile.weights[i]} ^ weights_[i];
    count += (tile.weights[i] & kMagnitude) != 0 && (changed & mask) != 0 ? 1 : 0;
  }
  return count;
}

std::uint64_t FloatCounter::ones(const Tile& tile, std::size_t row) const {
  std::uint64_t count = 0;
  for (std::size_t i = row * columns_; i < (row + 1) * columns_; ++i) {
    count += ones_of(significand({tile.weights[i]}));
  }
  return count;
}

void FloatCounter::count_first_products(const Tile& tile, std::size_t row) {
  for (std::size_t i = row * columns_; i < (row + 1) * columns_; ++i) {
    activity(tile.node)[ProductToggles] +=
        changed_rows(tile.before[row], weights_[i], tile.first[row], tile.weights[i]);
  }
}

void FloatCounter::count_turned(const Tile& tile, std::size_t row) {
  const unsigned changed = unsigned{tile.first[row]} ^ tile.before[row];
  if ((tile.first[row] & kMagnitude) == 0) {
    return;
  }
  if ((changed & kExponent) == 0) {
    activity(tile.node)[ExponentChanges] += turned(tile, row, kExponent);
  }
  if (changed == 0) {
    activity(tile.node)[ProductChanges] += turned(tile, row, UINT16_MAX);
  }
}

void FloatCounter::finish() {
  if (!active_) {
    return;
  }
  for (std::size_t row = 0; row < rows_; ++row) {
    const std::uint64_t met = nonzero(*active_, row);
    for (const Fed& fed : active_->fed) {
      Activity& counts = activity(fed.node);
      counts[ExponentChanges] += fed.changes[row] * met;
      counts[ProductChanges] += fed.values[row] * met;
      counts[ProductToggles] += fed.significands[row] * ones(*active_, row);
      counts[IdleExponentToggles] += fed.bits[row] * (columns_ - active_->columns);
    }
    count_turned(*active_, row);
    count_first_products(*active_, row);
  }
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    activity(active_->node)[WeightToggles] +=
        ones_of(std::exchange(weights_[i], active_->weights[i]) ^ unsigned{active_->weights[i]});
  }
  active_.reset();
}

}  // namespace systol
