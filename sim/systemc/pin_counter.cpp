#include "sim/systemc/pin_counter.h"

#include <algorithm>

#include "hw/isa/vector_command.h"

namespace systol {
namespace {

std::uint32_t count_nonzero(Lanes values, std::size_t count) {
  return static_cast<std::uint32_t>(count) -
         static_cast<std::uint32_t>(std::count(values, values + count, std::uint8_t{0}));
}

}  // namespace

PinCounter::PinCounter(const ArrayConfig& config, std::vector<NodeResult>& nodes)
    : rows_(config.rows),
      columns_(config.columns),
      output_stationary_(config.dataflow == Dataflow::OutputStationary),
      nodes_(nodes) {}

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
    shifted_->nonzero.resize(rows_);
  }
  Activity& counts = activity(driver.node);
  ++counts[Action::ShiftedRows];
  counts[Action::FifoReadBytes] += driver.lanes;
  if (shifted_) {
    shifted_->nonzero[pins.weight_row] = count_nonzero(pins.weight_data, driver.lanes);
  }
}

/// The tile's last rows may still be on their way when its first row is fed, so that zeros are
/// counted when it has gone.
void PinCounter::feed(const UnitInputs& pins, const PinDriver& driver) {
  if (pins.feed_swap) {
    finish();
    active_ = shifted_;
  }
  const std::uint64_t columns = active_ ? active_->columns : 0;
  enter_macs(driver.node, driver.lanes * columns);
  Activity& counts = activity(driver.node);
  counts[Action::AccumulatorWrites] += columns;
  counts[Action::AccumulatorReads] += pins.feed_add ? columns : 0;
  if (active_) {
    Tile::Fed& fed = fed_of(driver.node);
    fed.macs += driver.lanes * columns;
    for (std::size_t row = 0; row < driver.lanes; ++row) {
      fed.nonzero[row] += pins.feed_data[row] != 0 ? 1U : 0U;
    }
  }
}

PinCounter::Tile::Fed& PinCounter::fed_of(std::uint32_t node) {
  std::vector<Tile::Fed>& all = active_->fed;
  if (all.empty() || all.back().node != node) {
    all.push_back({node, 0, std::vector<std::uint32_t>(rows_)});
  }
  return all.back();
}

void PinCounter::finish() {
  if (active_) {
    settle(*active_);
    active_->fed.clear();
  }
}

void PinCounter::settle(const Tile& tile) {
  for (const Tile::Fed& fed : tile.fed) {
    std::uint64_t multiplied = 0;
    for (std::size_t row = 0; row < rows_; ++row) {
      multiplied += std::uint64_t{fed.nonzero[row]} * tile.nonzero[row];
    }
    activity(fed.node)[Action::MacsZero] += fed.macs - multiplied;
  }
}

/// A step meets its weights at once. With the last one all PE rows begin to leave.
void PinCounter::feed_output_stationary(const UnitInputs& pins, const PinDrivers& drivers) {
  const std::uint64_t macs = std::uint64_t{drivers.feed.lanes} * drivers.weights.lanes;
  enter_macs(drivers.feed.node, macs);
  Activity& counts = activity(drivers.feed.node);
  counts[Action::MacsZero] +=
      macs - std::uint64_t{count_nonzero(pins.feed_data, drivers.feed.lanes)} *
                 count_nonzero(pins.weight_data, drivers.weights.lanes);
  counts[Action::DrainedRows] += pins.feed_drain ? rows_ : 0;
  activity(drivers.weights.node)[Action::FifoReadBytes] += drivers.weights.lanes;
}

void PinCounter::enter_macs(std::uint32_t node, std::uint64_t useful) {
  Activity& counts = activity(node);
  ++counts[Action::FedRows];
  counts[Action::MacsUseful] += useful;
  counts[Action::MacsUnused] += rows_ * columns_ - useful;
}

void PinCounter::activate(const UnitInputs& pins, const PinDriver& driver) {
  Activity& counts = activity(driver.node);
  counts[Action::AccumulatorReads] += driver.lanes;
  counts[Action::TableLookups] += pins.activate_table ? driver.lanes : 0;
}

}  // namespace systol
