#include "sim/fast/operand_switching.h"

#include <algorithm>
#include <bit>

namespace systol {
namespace {

using enum Action;

/// Values that were `state` become `now`, and the rest of it 0; how many bits that changes.
std::uint64_t change(std::span<std::int8_t> state, std::span<const std::int8_t> now) {
  const std::span<std::int8_t> rest = state.subspan(now.size());
  const std::uint64_t changed =
      toggles(state.data(), now.data(), now.size()) + bits(rest.data(), rest.size());
  std::ranges::copy(now, state.begin());
  std::ranges::fill(rest, std::int8_t{0});
  return changed;
}

std::span<const std::int8_t> row_of(const MatrixView& matrix, std::size_t row) {
  return {matrix.values + row * matrix.stride, matrix.columns};
}

}  // namespace

OperandSwitching::OperandSwitching(const ArrayConfig& config)
    : rows_(config.rows),
      columns_(config.columns),
      shifted_(columns_),
      active_(config.dataflow == Dataflow::OutputStationary ? columns_ : rows_ * columns_),
      activations_(rows_) {}

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
  for (std::size_t row = 0; row < rows_; ++row) {
    const std::span<std::int8_t> active(&active_[row * columns_], columns_);
    activity[WeightToggles] +=
        change(active, row < tile.rows ? row_of(tile, row) : std::span<const std::int8_t>());
  }
}

std::vector<std::uint8_t> OperandSwitching::begin(std::span<const std::int8_t> first,
                                                  std::span<const std::int8_t> last,
                                                  Activity& activity) {
  std::vector<std::uint8_t> begun(first.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    begun[i] = static_cast<std::uint8_t>(first[i] ^ activations_[i]);
  }
  activity[ActivationToggles] += columns_ * change(activations_, first);
  std::ranges::copy(last, activations_.begin());
  return begun;
}

void OperandSwitching::feed(const LaneToggles& down, std::span<const std::uint8_t> begun,
                            const MatrixView& weights, Activity& activity) const {
  for (std::size_t k = 0; k < weights.rows; ++k) {
    const std::span<const std::int8_t> met = row_of(weights, k);
    const std::uint64_t changed = std::uint64_t{down.bits[k]} + std::popcount(begun[k]);
    const std::uint64_t signs = std::uint64_t{down.signs[k]} + (begun[k] >> 7U);
    activity[ActivationToggles] += columns_ * down.bits[k];
    activity[ProductToggles] += changed * bits(met.data(), met.size());
    activity[SignToggles] += signs == 0 ? 0 : signs * nonzero(met.data(), met.size());
  }
}

void OperandSwitching::step(const MatrixView& activations, const MatrixView& weights,
                            Activity& activity) {
  LaneToggles along =
      toggles_along(activations.values, activations.stride, activations.rows, activations.columns);
  std::vector<std::int8_t> first(rows_);
  std::vector<std::int8_t> last(rows_);
  for (std::size_t row = 0; row < activations.rows; ++row) {
    first[row] = *row_of(activations, row).begin();
    last[row] = row_of(activations, row).back();
  }
  for (const std::uint8_t lane : begin(first, last, activity)) {
    along.bits[0] += static_cast<std::uint32_t>(std::popcount(lane));
    along.signs[0] += lane >> 7U;
  }
  for (std::size_t k = 0; k < weights.rows; ++k) {
    const std::span<const std::int8_t> met = row_of(weights, k);
    activity[ActivationToggles] += k == 0 ? 0 : columns_ * along.bits[k];
    activity[WeightToggles] += rows_ * change(active_, met);
    activity[ProductToggles] += along.bits[k] * bits(met.data(), met.size());
    activity[SignToggles] += along.signs[k] * nonzero(met.data(), met.size());
  }
}

}  // namespace systol
