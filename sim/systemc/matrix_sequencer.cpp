#include "sim/systemc/matrix_sequencer.h"

#include <algorithm>

#include "sim/timing.h"

namespace systol {
namespace {

const isa::Matmul& matmul_of(const Issued& issued) {
  return std::get<isa::Matmul>(issued.command.operation);
}

}  // namespace

MatrixSequencer::MatrixSequencer(Machine& machine) : CommandUnit(isa::Unit::Matrix, machine) {
  for (std::size_t copy = 0; copy < 2; ++copy) {
    rows_[copy].resize(machine.config.rows);
    weights_[copy].resize(machine.config.columns);
  }
}

void MatrixSequencer::complete(Cycles now) {
  if (machine_.fifo.leaving && shifted_by(now)) {
    machine_.fifo.leaving = false;
  }
  if (feeding_ && now >= feeding_->start + Cycles(matmul_of(*feeding_).rows)) {
    draining_.push_back(std::move(*feeding_));
    feeding_.reset();
  }
  while (!draining_.empty() && draining_.front().end <= now) {
    finish(draining_.front());
    draining_.pop_front();
  }
}

void MatrixSequencer::start(Cycles now) {
  if (!feeding_ && head_has_tokens() && weights_ready(now) && accumulators_ready(now)) {
    begin_matmul(now);
  }
  const bool shadow_free = !shift_ || (shift_->swapped && shifted_by(now));
  if (shadow_free && machine_.fifo.front_ready()) {
    begin_shift(now);
  }
}

/// True from the cycle after the last weight row of the current shift.
bool MatrixSequencer::shifted_by(Cycles now) const {
  return now >= shift_->start + Cycles(machine_.config.rows);
}

/// The weight wave must be a cycle ahead of the activation wave.
bool MatrixSequencer::weights_ready(Cycles now) const {
  return matmul_of(head()).reuse || (shift_ && !shift_->swapped && shift_->start < now);
}

bool MatrixSequencer::accumulators_ready(Cycles now) const {
  const isa::Matmul& next = matmul_of(head());
  const bool reads_last = next.add && fed_before_ && next.accumulator == last_accumulator_;
  return !reads_last || now >= last_fed_ + timing::kAccumulateDistance;
}

void MatrixSequencer::begin_matmul(Cycles now) {
  feeding_ = begin(now);
  const isa::Matmul& matmul = matmul_of(*feeding_);
  const ArrayConfig& config = machine_.config;
  feeding_->end = now + timing::matmul_latency(matmul.rows, config.rows, config.columns);
  layer_ = feeding_->command.origin.layer;
  if (!matmul.reuse) {
    shift_->swapped = true;
    nonzero_ = shift_->tile.nonzero;
  }
}

void MatrixSequencer::begin_shift(Cycles now) {
  shift_ = Shift{std::move(machine_.fifo.tiles.front()), now, false};
  machine_.fifo.tiles.pop_front();
  machine_.fifo.leaving = true;
}

FeedPins MatrixSequencer::feed(Cycles now) {
  if (!feeding_) {
    return {};
  }
  const isa::Matmul& matmul = matmul_of(*feeding_);
  const auto row = static_cast<std::uint32_t>((now - feeding_->start).count());
  read_row(matmul, row);
  last_fed_ = now;
  last_accumulator_ = matmul.accumulator + row;
  fed_before_ = true;
  return {true, row == 0 && !matmul.reuse, matmul.add, last_accumulator_, rows_[0].data()};
}

void MatrixSequencer::read_row(const isa::Matmul& matmul, std::uint32_t row) {
  std::swap(rows_[0], rows_[1]);
  const std::uint8_t* source = &machine_.buffer[matmul.buffer + row * matmul.buffer_stride];
  std::uint64_t multiplied = 0;
  for (std::size_t i = 0; i < matmul.depth; ++i) {
    rows_[0][i] = static_cast<std::int8_t>(source[i]);
    multiplied += source[i] != 0 ? nonzero_[i] : 0;
  }
  std::fill(rows_[0].begin() + matmul.depth, rows_[0].end(), std::int8_t{0});
  machine_.activity(*feeding_).macs_zero +=
      std::uint64_t{matmul.depth} * matmul.columns - multiplied;
}

WeightPins MatrixSequencer::shift(Cycles now) {
  if (!shift_ || shifted_by(now)) {
    return {};
  }
  const std::size_t columns = machine_.config.columns;
  const auto row = static_cast<std::uint32_t>((now - shift_->start).count());
  std::swap(weights_[0], weights_[1]);
  std::copy_n(&shift_->tile.values[row * columns], columns, weights_[0].begin());
  return {true, row, weights_[0].data()};
}

const Issued* MatrixSequencer::current() const { return feeding_ ? &*feeding_ : nullptr; }

/// Tokens, weights and accumulators are asked in this order, so that a cycle has one class.
CycleClass MatrixSequencer::stall(Cycles now) const {
  const isa::UnitSet missing = missing_tokens();
  if (missing.has(isa::Unit::Weights)) {
    return CycleClass::WeightStall;
  }
  if (missing.has(isa::Unit::Load)) {
    return CycleClass::InputStall;
  }
  if (!missing.empty()) {
    return CycleClass::RawStall;
  }
  if (!weights_ready(now)) {
    const bool arrived = (shift_ && !shift_->swapped) || machine_.fifo.front_ready();
    return arrived ? CycleClass::WeightShift : CycleClass::WeightStall;
  }
  return CycleClass::RawStall;
}

/// A stall belongs to the command that waits; what nobody waits for, to the last layer that fed.
std::uint32_t MatrixSequencer::layer() const {
  return !feeding_ && waiting() ? head().command.origin.layer : layer_;
}

}  // namespace systol
