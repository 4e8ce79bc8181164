#include "sim/systemc/matrix_sequencer.h"

#include "sim/systemc/output_stationary_sequencer.h"
#include "sim/systemc/stationary_sequencer.h"
#include "sim/timing.h"

namespace systol {

Cycles MatrixSequencer::feeds_until() const {
  return feeding_->start + timing::feed_time(feeding_->command.operation);
}

void MatrixSequencer::complete(Cycles now) {
  if (feeding_ && now >= feeds_until()) {
    draining_.push_back(std::move(*feeding_));
    feeding_.reset();
    restored_ = false;
  }
  while (!draining_.empty() && draining_.front().end <= now) {
    finish(draining_.front());
    draining_.pop_front();
  }
}

void MatrixSequencer::restore_running(std::deque<Issued> running, const Snapshot& snapshot) {
  draining_ = std::move(running);
  node_ = snapshot.node;
  if (!draining_.empty()) {
    const Issued& last = draining_.back();
    if (last.start + timing::feed_time(last.command.operation) > snapshot.cycle) {
      feeding_ = std::move(draining_.back());
      draining_.pop_back();
      restored_ = true;
    }
  }
  restore_array(snapshot);
}

void MatrixSequencer::begin_feeding(Cycles now) {
  feeding_ = begin(now);
  feeding_->end = now + timing::matrix_latency(feeding_->command.operation, machine_.config.rows,
                                               machine_.config.columns);
  node_ = feeding_->command.origin.node;
}

/// Tokens, weights and accumulators are asked in this order, so that a cycle has one class.
CycleClass MatrixSequencer::stall(Cycles now) const {
  const isa::UnitSet missing = missing_tokens();
  if (missing.has(isa::Unit::Weights)) {
    return CycleClass::WeightStall;
  }
  if (missing.has(isa::Unit::Load)) {
    return CycleClass::InputStall;
  }
  return missing.empty() ? stall_with_tokens(now) : CycleClass::RawStall;
}

/// A stall belongs to the command that waits; what nobody waits for, to the last node that fed.
std::uint32_t MatrixSequencer::node() const {
  return !feeding_ && waiting() ? head().command.origin.node : node_;
}

std::unique_ptr<MatrixSequencer> make_matrix_sequencer(Machine& machine) {
  if (machine.config.dataflow == Dataflow::OutputStationary) {
    return std::make_unique<OutputStationarySequencer>(machine);
  }
  return std::make_unique<StationarySequencer>(machine);
}

}  // namespace systol
