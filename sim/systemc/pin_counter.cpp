#include "sim/systemc/pin_counter.h"

#include <algorithm>
#include <bit>

#include "hw/isa/vector_command.h"
#include "sim/config/array_registers.h"

namespace systol {
namespace {

/// A bf16 of either sign can be 0.
bool is_zero(Lanes values, std::size_t lane, std::size_t value_bytes) {
  return value_bytes == 1 ? values[lane] == 0
                          : (values[2 * lane] | (values[2 * lane + 1] & 0x7fU)) == 0;
}

std::uint32_t count_nonzero(Lanes values, std::size_t count, std::size_t value_bytes) {
  std::uint32_t nonzero = 0;
  for (std::size_t lane = 0; lane < count; ++lane) {
    nonzero += is_zero(values, lane, value_bytes) ? 0U : 1U;
  }
  return nonzero;
}

std::uint64_t ones(unsigned value) { return static_cast<std::uint64_t>(std::popcount(value)); }

/// The row that an activation's sign puts into a product: the negated weight, in 9 bits.
unsigned negated(std::uint8_t weight) {
  return static_cast<unsigned>(-static_cast<std::int8_t>(weight)) & 0x1ffU;
}

/// The ones of several weights before and now, and those that stay; the same of their negatives.
struct WeightOnes {
  std::uint64_t before = 0, now = 0, both = 0;
  std::uint64_t negated_before = 0, negated_now = 0, negated_both = 0;

  void add(std::uint8_t old, std::uint8_t weight) {
    before += ones(old);
    now += ones(weight);
    both += ones(old & weight);
    negated_before += ones(negated(old));
    negated_now += ones(negated(weight));
    negated_both += ones(negated(old) & negated(weight));
  }
};

/// An activation goes from `a` to `b` while the weights that it meets change.
void count_change(std::uint8_t a, std::uint8_t b, const WeightOnes& weights, Activity& counts) {
  counts[Action::ProductToggles] +=
      ones(a) * weights.before + ones(b) * weights.now - 2 * ones(a & b) * weights.both;
  counts[Action::SignToggles] += (a >> 7U) * weights.negated_before +
                                 (b >> 7U) * weights.negated_now -
                                 2 * (a >> 7U & b >> 7U) * weights.negated_both;
}

/// Products of signs that a byte of activations changes by `changed` as the weights of `count`
/// columns change, too.
std::uint64_t changed_signs(unsigned changed, const std::uint8_t* before, const std::uint8_t* now,
                            std::size_t count) {
  std::uint64_t bits = 0;
  for (std::size_t column = 0; column < count; ++column) {
    bits += ones(changed ^ before[column] ^ now[column]);
  }
  return bits;
}

/// Bits in which `before` and `now` differ; `before` becomes `now`.
std::uint64_t change(std::vector<std::uint8_t>& before, Lanes now) {
  std::uint64_t changed = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    changed +=
        static_cast<std::uint64_t>(std::popcount(static_cast<std::uint8_t>(before[i] ^ now[i])));
    before[i] = now[i];
  }
  return changed;
}

/// An access to the banks of the first `columns` columns.
void access(std::vector<std::uint64_t>& banks, std::uint64_t columns) {
  for (std::uint64_t column = 0; column < columns; ++column) {
    ++banks[column];
  }
}

}  // namespace

PinCounter::PinCounter(const ArrayConfig& config, RunResult& result, bool switching)
    : config_(config),
      rows_(config.rows),
      columns_(config.columns),
      output_stationary_(config.dataflow == Dataflow::OutputStationary),
      pe_(config.pe),
      value_bytes_(isa::value_bytes(config.pe)),
      lane_values_(isa::lane_values(config.pe)),
      switching_(switching && isa::counts_switching(config.pe, output_stationary_)),
      nodes_(result.nodes),
      fifo_(result.srams[Sram::WeightFifo]),
      accumulators_(result.srams[Sram::Accumulators]),
      fed_(config.rows),
      weight_row_(config.columns),
      active_weights_(output_stationary_ ? config.columns
                                         : std::size_t{config.rows} * config.columns) {
  if (switching_ && isa::is_float(pe_)) {
    floats_.emplace(config, nodes_);
    switching_ = false;
  }
}

void PinCounter::count(const UnitInputs& pins, const PinDrivers& drivers) {
  if (pins.feed_valid && output_stationary_) {
    feed_output_stationary(pins, drivers);
  } else if (pins.feed_valid) {
    feed(pins, drivers.feed);
  }
  // A swap takes the tile that was there before this edge.
  if (pins.weight_valid && !output_stationary_) {
    shift(pins, drivers.weights);
  }
  if (pins.drain_valid) {
    activity(drivers.drain.node)[Action::AccumulatorWrites] += drivers.drain.lanes;
    access(accumulators_.writes, drivers.drain.lanes);
  }
  if (pins.activate_valid) {
    activate(pins, drivers.activate);
  }
}

/// A window's last place makes its result.
void PinCounter::count(const VectorInputs& pins, const PinDriver& driver) {
  if (!pins.operand_valid) {
    return;
  }
  const auto operation = static_cast<isa::LaneOperation>(pins.operand_operation);
  Activity& counts = activity(driver.node);
  counts[Action::VectorOperations] += driver.lanes;
  counts[Action::VectorMultiplications] += driver.lanes * isa::multiplications(operation);
  counts[Action::Requantised] += pins.operand_last ? driver.lanes : 0;
  counts[Action::TableLookups] += pins.operand_last && pins.operand_table ? driver.lanes : 0;
}

/// Row 0 is the first of a tile; rows of padding have no lanes, but they move.
void PinCounter::shift(const UnitInputs& pins, const PinDriver& driver) {
  if (pins.weight_row == 0) {
    shifted_ = std::make_shared<Tile>();
    shifted_->columns = driver.lanes;
    shifted_->nonzero.resize(rows_ * lane_values_);
    shifted_->values.resize(rows_ * columns_);
  }
  Activity& counts = activity(driver.node);
  ++counts[Action::ShiftedRows];
  counts[Action::PeClockedBits] += shadow_bits_per_row(config_);
  counts[Action::SkewClockedBits] += weight_skew_bits(config_);
  counts[Action::FifoReadBytes] += isa::weight_row_bytes(driver.lanes, pe_);
  access(fifo_.reads, driver.lanes);
  counts[Action::WeightBusToggles] +=
      switching_ ? rows_ * change(weight_row_, pins.weight_data) : 0;
  if (floats_) {
    floats_->shift(pins, driver.lanes, driver.node);
  }
  if (shifted_) {
    count_weights(pins, driver.lanes);
    std::copy_n(pins.weight_data, columns_,
                shifted_->values.begin() + static_cast<std::ptrdiff_t>(pins.weight_row * columns_));
  }
}

/// A weight with an index meets that activation of the group that its row shares.
void PinCounter::count_weights(const UnitInputs& pins, std::uint32_t columns) {
  if (!isa::is_sparse(pe_)) {
    shifted_->nonzero[pins.weight_row] = count_nonzero(pins.weight_data, columns, value_bytes_);
    return;
  }
  const std::size_t group = pins.weight_row / isa::kGroupRows * isa::kGroupValues;
  for (std::size_t column = 0; column < columns; ++column) {
    const Lanes lane = pins.weight_data + 2 * column;
    shifted_->nonzero[group + lane[1]] += lane[0] != 0 ? 1U : 0U;
  }
}

/// The tile's last rows may still be on their way when its first row is fed, so that zeros are
/// counted when it has gone.
void PinCounter::feed(const UnitInputs& pins, const PinDriver& driver) {
  if (pins.feed_swap) {
    finish();
    active_ = shifted_;
    if (active_) {
      active_->node = driver.node;
    }
    activity(driver.node)[Action::PeClockedBits] += active_bits(config_);
  }
  feed_values(pins, driver);
  const std::uint64_t columns = active_ ? active_->columns : 0;
  enter_macs(driver.node, driver.lanes * columns);
  Activity& counts = activity(driver.node);
  counts[Action::SkewClockedBits] += deskew_bits(config_);
  counts[Action::AccumulatorWrites] += columns;
  counts[Action::AccumulatorReads] += pins.feed_add ? columns : 0;
  access(accumulators_.writes, columns);
  access(accumulators_.reads, pins.feed_add ? columns : 0);
  if (active_) {
    Tile::Fed& fed = fed_of(driver.node);
    fed.macs += driver.lanes * columns;
    for (std::size_t value = 0; value < driver.lanes * lane_values_; ++value) {
      fed.nonzero[value] += is_zero(pins.feed_data, value, value_bytes_) ? 0U : 1U;
    }
  }
  if (switching_) {
    feed_switching(pins, driver, active_ ? &fed_of(driver.node) : nullptr);
  }
  if (floats_) {
    floats_->feed(pins, driver.node);
  }
}

/// What is fed, whatever it meets, and the registers that it enters on its way in.
void PinCounter::feed_values(const UnitInputs& pins, const PinDriver& driver) {
  Activity& counts = activity(driver.node);
  const std::size_t values = driver.lanes * lane_values_;
  counts[Action::FedValues] += values;
  for (std::size_t value = 0; value < values; ++value) {
    const bool zero = value_bytes_ == 1
                          ? static_cast<std::int8_t>(pins.feed_data[value]) == driver.zero_point
                          : is_zero(pins.feed_data, value, value_bytes_);
    counts[Action::FedZeros] += zero ? 1U : 0U;
  }
  counts[Action::PeClockedBits] += pe_bits_per_row(config_);
  counts[Action::SkewClockedBits] += feed_skew_bits(config_);
}

/// What the first row of a tile changes depends on both tiles, and is counted when the tile goes.
/// Signs are only added in lanes that carry some; in others a product is 0.
void PinCounter::feed_switching(const UnitInputs& pins, const PinDriver& driver, Tile::Fed* fed) {
  const std::size_t lanes = isa::is_signs(pe_) ? driver.lanes : rows_;
  if (fed != nullptr && pins.feed_swap) {
    active_->before = fed_;
    active_->first.assign(pins.feed_data, pins.feed_data + rows_);
    active_->first_lanes = lanes;
    fed = nullptr;
  }
  for (std::size_t row = 0; row < lanes && fed != nullptr; ++row) {
    const auto changed = static_cast<std::uint8_t>(pins.feed_data[row] ^ fed_[row]);
    fed->toggles[row] += static_cast<std::uint32_t>(ones(changed));
    fed->signs[row] += changed >> 7U;
  }
  activity(driver.node)[Action::ActivationToggles] += columns_ * change(fed_, pins.feed_data);
}

PinCounter::Tile::Fed& PinCounter::fed_of(std::uint32_t node) {
  std::vector<Tile::Fed>& all = active_->fed;
  if (all.empty() || all.back().node != node) {
    const std::vector<std::uint32_t> none(rows_ * lane_values_);
    all.push_back({node, 0, none, none, none});
  }
  return all.back();
}

void PinCounter::finish() {
  if (floats_) {
    floats_->finish();
  }
  if (active_) {
    settle(*active_);
    if (switching_) {
      settle_switching(*active_);
    }
    active_->fed.clear();
    active_->first.clear();
  }
}

void PinCounter::settle(const Tile& tile) {
  for (const Tile::Fed& fed : tile.fed) {
    std::uint64_t multiplied = 0;
    for (std::size_t value = 0; value < tile.nonzero.size(); ++value) {
      multiplied += std::uint64_t{fed.nonzero[value]} * tile.nonzero[value];
    }
    activity(fed.node)[Action::MacsZero] += fed.macs - multiplied;
  }
}

void PinCounter::settle_switching(const Tile& tile) {
  if (isa::is_signs(pe_)) {
    settle_signs(tile);
  } else {
    settle_products(tile);
  }
  activity(tile.node)[Action::WeightToggles] += change(active_weights_, tile.values.data());
}

void PinCounter::settle_signs(const Tile& tile) {
  for (std::size_t row = 0; row < tile.first_lanes; ++row) {
    const auto changed = static_cast<unsigned>(tile.before[row] ^ tile.first[row]);
    activity(tile.node)[Action::ProductToggles] += changed_signs(
        changed, &active_weights_[row * columns_], &tile.values[row * columns_], tile.columns);
  }
  for (const Tile::Fed& fed : tile.fed) {
    for (const std::uint32_t toggles : fed.toggles) {
      activity(fed.node)[Action::ProductToggles] += std::uint64_t{toggles} * tile.columns;
    }
  }
}

void PinCounter::settle_products(const Tile& tile) {
  for (std::size_t row = 0; row < rows_; ++row) {
    WeightOnes weights;
    for (std::size_t i = row * columns_; i < (row + 1) * columns_; ++i) {
      weights.add(active_weights_[i], tile.values[i]);
    }
    if (!tile.first.empty()) {
      count_change(tile.before[row], tile.first[row], weights, activity(tile.node));
    }
    for (const Tile::Fed& fed : tile.fed) {
      Activity& counts = activity(fed.node);
      counts[Action::ProductToggles] += fed.toggles[row] * weights.now;
      counts[Action::SignToggles] += fed.signs[row] * weights.negated_now;
    }
  }
}

/// A step meets its weights at once. With the last one all PE rows begin to leave.
void PinCounter::feed_output_stationary(const UnitInputs& pins, const PinDrivers& drivers) {
  const std::uint64_t macs = std::uint64_t{drivers.feed.lanes} * drivers.weights.lanes;
  enter_macs(drivers.feed.node, macs);
  feed_values(pins, drivers.feed);
  Activity& counts = activity(drivers.feed.node);
  counts[Action::MacsZero] +=
      macs - std::uint64_t{count_nonzero(pins.feed_data, drivers.feed.lanes, value_bytes_)} *
                 count_nonzero(pins.weight_data, drivers.weights.lanes, value_bytes_);
  if (switching_) {
    step_switching(pins, counts);
  }
  if (pins.feed_drain) {
    counts[Action::DrainedRows] += rows_;
    counts[Action::PeClockedBits] += drain_bits(config_);
    counts[Action::SkewClockedBits] += rows_ * deskew_bits(config_);
  }
  activity(drivers.weights.node)[Action::FifoReadBytes] +=
      isa::weight_row_bytes(drivers.weights.lanes, pe_);
  access(fifo_.reads, drivers.weights.lanes);
}

void PinCounter::step_switching(const UnitInputs& pins, Activity& counts) {
  WeightOnes weights;
  for (std::size_t column = 0; column < columns_; ++column) {
    weights.add(active_weights_[column], pins.weight_data[column]);
  }
  for (std::size_t row = 0; row < rows_ && !isa::is_signs(pe_); ++row) {
    count_change(fed_[row], pins.feed_data[row], weights, counts);
  }
  counts[Action::ActivationToggles] += columns_ * change(fed_, pins.feed_data);
  counts[Action::WeightToggles] += rows_ * change(active_weights_, pins.weight_data);
}

void PinCounter::enter_macs(std::uint32_t node, std::uint64_t useful) {
  Activity& counts = activity(node);
  ++counts[Action::FedRows];
  if (fed_rows_.empty() || fed_rows_.back().node != node) {
    fed_rows_.push_back({node, 0});
  }
  ++fed_rows_.back().rows;
  counts[Action::MacsUseful] += useful;
  counts[Action::MacsUnused] += rows_ * columns_ - useful;
}

void PinCounter::activate(const UnitInputs& pins, const PinDriver& driver) {
  Activity& counts = activity(driver.node);
  counts[Action::AccumulatorReads] += driver.lanes;
  access(accumulators_.reads, driver.lanes);
  counts[Action::TableLookups] += pins.activate_table ? driver.lanes : 0;
  if (pins.residual_valid) {
    counts[Action::VectorOperations] += driver.lanes;
    counts[Action::VectorMultiplications] +=
        driver.lanes * isa::multiplications(isa::LaneOperation::Add);
  }
}

}  // namespace systol
