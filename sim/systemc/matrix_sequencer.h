// The matrix unit's command side: what goes to its pins in each cycle.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <optional>

#include "sim/systemc/command_unit.h"
#include "sim/systemc/pin_drivers.h"
#include "sim/systemc/pins.h"

namespace systol {

/// What all dataflows have in common: one matmul feeds at a time, those before it drain.
class MatrixSequencer : public CommandUnit {
 public:
  explicit MatrixSequencer(Machine& machine) : CommandUnit(isa::Unit::Matrix, machine) {}

  void complete(Cycles now) override;
  bool in_flight() const override { return feeding_.has_value() || !draining_.empty(); }
  const Issued* current() const override { return feeding_ ? &*feeding_ : nullptr; }

  bool feeding() const { return feeding_.has_value(); }
  /// The pins for this cycle; call each once per cycle, in this order, after start().
  virtual FeedPins feed(Cycles now) = 0;
  virtual WeightPins weights(Cycles now) = 0;
  virtual DrainPins drain(Cycles /*now*/) { return {}; }
  /// Of those pins; after them.
  virtual void name_drivers(Cycles now, PinDrivers& drivers) const = 0;
  /// The class of a cycle in which nothing is fed and a command waits.
  CycleClass stall(Cycles now) const;
  /// The node that this cycle belongs to.
  std::uint32_t node() const;

 protected:
  void restore_running(std::deque<Issued> running, const Snapshot& snapshot) override;
  /// What the dataflow keeps besides.
  virtual void restore_array(const Snapshot& snapshot) = 0;
  /// The feeding command, unless it was restored: then what it feeds has been counted already.
  const Issued* feeds() const { return feeding_ && !restored_ ? &*feeding_ : nullptr; }

  /// The cycle after the last one in which the feeding command feeds.
  Cycles feeds_until() const;
  /// As stall(), for a command that has its tokens.
  virtual CycleClass stall_with_tokens(Cycles now) const = 0;
  /// Takes the head of the queue as the feeding command.
  void begin_feeding(Cycles now);

  std::optional<Issued> feeding_;

 private:
  bool restored_ = false;
  std::deque<Issued> draining_;
  std::uint32_t node_ = 0;
};

/// The sequencer of the config's dataflow.
std::unique_ptr<MatrixSequencer> make_matrix_sequencer(Machine& machine);

}  // namespace systol
