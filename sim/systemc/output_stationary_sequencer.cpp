#include "sim/systemc/output_stationary_sequencer.h"

#include <algorithm>

#include "sim/timing.h"

namespace systol {
namespace {

const isa::MatmulOutputStationary& matmul_output_stationary_of(const Issued& issued) {
  return std::get<isa::MatmulOutputStationary>(issued.command.operation);
}

}  // namespace

OutputStationarySequencer::OutputStationarySequencer(Machine& machine)
    : MatrixSequencer(machine),
      row_masks_(machine.config.rows),
      column_masks_(machine.config.columns) {
  for (std::size_t copy = 0; copy < 2; ++copy) {
    activations_[copy].resize(machine.config.rows);
    weights_[copy].resize(machine.config.columns);
  }
}

void OutputStationarySequencer::complete(Cycles now) {
  if (feeding_ && now >= feeds_until()) {
    machine_.fifo.leaving = false;
  }
  MatrixSequencer::complete(now);
}

void OutputStationarySequencer::start(Cycles now) {
  if (feeding_ || !head_has_tokens() || !machine_.fifo.front_ready() || !array_drained(now)) {
    return;
  }
  begin_feeding(now);
  tile_ = std::move(machine_.fifo.tiles.front());
  machine_.fifo.tiles.pop_front();
  machine_.fifo.leaving = true;
}

/// Whether the head's own sums, if they drain, follow the last ones by R cycles.
bool OutputStationarySequencer::array_drained(Cycles now) const {
  const isa::MatmulOutputStationary& next = matmul_output_stationary_of(head());
  const Cycles last_step = now + Cycles(next.depth - 1);
  return !next.drain || !drain_ || last_step >= drain_->last_step + Cycles(machine_.config.rows);
}

FeedPins OutputStationarySequencer::feed(Cycles now) {
  if (feeds() == nullptr) {
    return {};
  }
  const isa::MatmulOutputStationary& matmul = matmul_output_stationary_of(*feeding_);
  const auto step = static_cast<std::uint32_t>((now - feeding_->start).count());
  read_step(matmul, step);
  FeedPins pins;
  pins.valid = true;
  pins.begin = matmul.begin && step == 0;
  pins.drain = matmul.drain && step + 1 == matmul.depth;
  pins.mask = row_masks_.first(matmul.rows());
  pins.data = activations_[0].data();
  if (pins.drain) {
    drain_ = Drain{
        now, matmul.accumulator, matmul.rows(), {feeding_->command.origin.node, matmul.columns}};
  }
  return pins;
}

void OutputStationarySequencer::read_step(const isa::MatmulOutputStationary& matmul,
                                          std::uint32_t step) {
  std::swap(activations_[0], activations_[1]);
  std::swap(weights_[0], weights_[1]);
  std::ranges::fill(activations_[0], std::uint8_t{0});
  for (std::uint32_t row = 0; row < matmul.rows(); ++row) {
    const std::uint64_t address = isa::value_address(matmul.buffer, matmul.depth, matmul.segments,
                                                     row, step, isa::PeType::Int8);
    activations_[0][row] = machine_.buffer[address];
    machine_.count_read(*feeding_, address, 1);
  }
  std::ranges::fill(weights_[0], std::uint8_t{0});
  std::copy_n(&tile_.values[std::size_t{step} * machine_.config.columns], matmul.columns,
              weights_[0].begin());
}

WeightPins OutputStationarySequencer::weights(Cycles /*now*/) {
  if (feeds() == nullptr) {
    return {};
  }
  return {true, 0, column_masks_.first(matmul_output_stationary_of(*feeding_).columns),
          weights_[0].data()};
}

/// The last PE row leaves first.
DrainPins OutputStationarySequencer::drain(Cycles now) {
  if (!drain_ || drain_->rows == 0) {
    return {};
  }
  const std::uint64_t gone = (now - drain_->last_step).count();
  if (gone >= machine_.config.rows) {
    return {};
  }
  const auto row = static_cast<std::uint32_t>(machine_.config.rows - 1 - gone);
  return row < drain_->rows ? DrainPins{true, drain_->accumulator + row} : DrainPins{};
}

void OutputStationarySequencer::name_drivers(Cycles /*now*/, PinDrivers& drivers) const {
  if (feeding_) {
    const isa::MatmulOutputStationary& matmul = matmul_output_stationary_of(*feeding_);
    drivers.feed = {feeding_->command.origin.node, matmul.rows(), matmul.zero_point};
    drivers.weights = {feeding_->command.origin.node, matmul.columns};
  }
  if (drain_) {
    drivers.drain = drain_->driver;
  }
}

CycleClass OutputStationarySequencer::stall_with_tokens(Cycles /*now*/) const {
  return machine_.fifo.front_ready() ? CycleClass::RawStall : CycleClass::WeightStall;
}

/// The last product counts as drained, but its rows are still on their way for the next.
void OutputStationarySequencer::restore_array(const Snapshot& snapshot) {
  machine_.fifo.leaving = feeding();
  if (snapshot.last_drain_step) {
    drain_ = Drain{*snapshot.last_drain_step, 0, 0, {}};
  }
}

}  // namespace systol
