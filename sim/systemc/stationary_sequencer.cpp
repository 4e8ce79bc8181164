#include "sim/systemc/stationary_sequencer.h"

#include <algorithm>

#include "sim/timing.h"

namespace systol {
namespace {

const isa::Matmul& matmul_of(const Issued& issued) {
  return std::get<isa::Matmul>(issued.command.operation);
}

WeightTile restored(const Snapshot::Tile& tile) {
  return {true, tile.values, 0, tile.rows, tile.columns};
}

}  // namespace

StationarySequencer::StationarySequencer(Machine& machine)
    : MatrixSequencer(machine),
      row_masks_(machine.config.rows),
      column_masks_(machine.config.columns) {
  for (std::size_t copy = 0; copy < 2; ++copy) {
    rows_[copy].resize(machine.config.rows * machine.lane_bytes());
    weights_[copy].resize(machine.config.columns * machine.lane_bytes());
  }
}

void StationarySequencer::complete(Cycles now) {
  if (machine_.fifo.leaving && shifted_by(now)) {
    machine_.fifo.leaving = false;
  }
  MatrixSequencer::complete(now);
}

void StationarySequencer::start(Cycles now) {
  if (!feeding_ && head_has_tokens() && tile_ready(now) && accumulators_ready(now)) {
    begin_matmul(now);
  }
  const bool shadow_free = !shift_ || (shift_->swapped && shifted_by(now));
  if (shadow_free && machine_.fifo.front_ready()) {
    begin_shift(now);
  }
}

/// True from the cycle after the last row of the current shift.
bool StationarySequencer::shifted_by(Cycles now) const {
  return now >= shift_->start + Cycles(machine_.config.rows);
}

/// The wave of the tile's rows must be a cycle ahead of the wave that is fed, or have left the
/// port.
bool StationarySequencer::tile_ready(Cycles now) const {
  if (matmul_of(head()).reuse) {
    return true;
  }
  const bool whole = machine_.config.tile_use == TileUse::Whole;
  return shift_ && !shift_->swapped && (whole ? shifted_by(now) : shift_->start < now);
}

bool StationarySequencer::accumulators_ready(Cycles now) const {
  const isa::Matmul& next = matmul_of(head());
  const bool reads_last = next.add && fed_before_ && next.accumulator == last_accumulator_;
  return !reads_last || now >= last_fed_ + timing::kAccumulateDistance;
}

void StationarySequencer::begin_matmul(Cycles now) {
  begin_feeding(now);
  const isa::Matmul& matmul = matmul_of(*feeding_);
  if (!matmul.reuse) {
    shift_->swapped = true;
    active_ = shift_->tile;
  }
}

void StationarySequencer::begin_shift(Cycles now) {
  shift_ = Shift{std::move(machine_.fifo.tiles.front()), now, false};
  machine_.fifo.tiles.pop_front();
  machine_.fifo.leaving = true;
}

FeedPins StationarySequencer::feed(Cycles now) {
  if (feeds() == nullptr) {
    return {};
  }
  const isa::Matmul& matmul = matmul_of(*feeding_);
  const auto row = static_cast<std::uint32_t>((now - feeding_->start).count());
  read_row(matmul, row);
  last_fed_ = now;
  last_accumulator_ = matmul.accumulator + row;
  fed_before_ = true;
  FeedPins pins;
  pins.valid = true;
  pins.swap = row == 0 && !matmul.reuse;
  pins.add = matmul.add;
  pins.address = last_accumulator_;
  pins.mask = row_masks_.first(fed_rows(matmul));
  pins.data = rows_[0].data();
  return pins;
}

/// The PE rows whose lanes carry values.
std::uint32_t StationarySequencer::fed_rows(const isa::Matmul& matmul) const {
  return isa::narrow(isa::fed_depth(matmul.depth, matmul.segments, machine_.config.pe));
}

/// Lanes without a value carry 0.
void StationarySequencer::read_row(const isa::Matmul& matmul, std::uint32_t row) {
  std::swap(rows_[0], rows_[1]);
  std::ranges::fill(rows_[0], std::uint8_t{0});
  const std::uint32_t bytes = isa::segment_bytes(matmul.depth, matmul.segments, machine_.config.pe);
  const std::size_t places = isa::fed_values(matmul.depth, matmul.segments, machine_.config.pe) *
                             machine_.value_bytes() / matmul.segments;
  for (std::uint32_t segment = 0; segment < matmul.segments; ++segment) {
    const std::uint64_t piece = std::uint64_t{row} * matmul.segments + segment;
    const std::uint64_t address = matmul.buffer.at(piece);
    std::copy_n(&machine_.buffer[address], bytes,
                rows_[0].begin() + static_cast<std::ptrdiff_t>(segment * places));
    machine_.count_read(*feeding_, address, bytes);
  }
}

WeightPins StationarySequencer::weights(Cycles now) {
  if (!shift_ || shifted_by(now)) {
    return {};
  }
  const std::size_t bytes = machine_.config.columns * machine_.lane_bytes();
  const auto row = static_cast<std::uint32_t>((now - shift_->start).count());
  std::swap(weights_[0], weights_[1]);
  std::copy_n(&shift_->tile.values[row * bytes], bytes, weights_[0].begin());
  const WeightTile& tile = shift_->tile;
  return {true, row, column_masks_.first(row < tile.rows ? tile.columns : 0), weights_[0].data()};
}

/// The tile's rows of padding are shifted in like all others.
void StationarySequencer::name_drivers(Cycles now, PinDrivers& drivers) const {
  if (feeding_) {
    const isa::Matmul& matmul = matmul_of(*feeding_);
    drivers.feed = {feeding_->command.origin.node, fed_rows(matmul), matmul.zero_point};
  }
  if (shift_) {
    const bool padding = now >= shift_->start + Cycles(shift_->tile.rows);
    drivers.weights = {shift_->tile.node, padding ? 0 : shift_->tile.columns};
  }
}

CycleClass StationarySequencer::stall_with_tokens(Cycles now) const {
  if (tile_ready(now)) {
    return CycleClass::RawStall;
  }
  const bool arrived = (shift_ && !shift_->swapped) || machine_.fifo.front_ready();
  return arrived ? CycleClass::WeightShift : CycleClass::WeightStall;
}

void StationarySequencer::restore_array(const Snapshot& snapshot) {
  active_ = restored(snapshot.active);
  if (snapshot.shadow) {
    shift_ = Shift{restored(*snapshot.shadow), *snapshot.shifted, false};
  } else if (snapshot.shifted) {
    shift_ = Shift{active_, *snapshot.shifted, true};
  }
  machine_.fifo.leaving = shift_ && !shifted_by(snapshot.cycle);
  last_fed_ = snapshot.last_fed;
  last_accumulator_ = snapshot.last_accumulator;
  fed_before_ = snapshot.fed_before;
}

}  // namespace systol
