// What all units have in common: a queue of commands in order, started and completed by tokens.
#pragma once

#include <deque>

#include "sim/snapshot.h"
#include "sim/systemc/machine.h"

namespace systol {

class CommandUnit {
 public:
  CommandUnit(isa::Unit unit, Machine& machine) : unit_(unit), machine_(machine) {}
  virtual ~CommandUnit() = default;

  bool has_space() const { return queue_.size() < machine_.config.command_queue_depth; }
  void push(Issued issued) { queue_.push_back(std::move(issued)); }

  /// Completes what ends in this cycle, so that its tokens can be taken in the same cycle.
  virtual void complete(Cycles now) = 0;
  /// Starts what can start in this cycle.
  virtual void start(Cycles now) = 0;
  /// True while a started command is not complete.
  virtual bool in_flight() const = 0;
  /// The command that a waveform shows in this cycle, or null.
  virtual const Issued* current() const = 0;

  bool waiting() const { return !queue_.empty(); }
  bool busy() const { return waiting() || in_flight(); }
  /// The next command to start; only while waiting().
  const Issued& head() const { return queue_.front(); }
  /// Goes on where the snapshot was taken, with what waits and what runs.
  void restore(const Snapshot& snapshot) {
    const auto unit = static_cast<std::size_t>(unit_);
    for (const Snapshot::Waiting& waiting : snapshot.queues[unit]) {
      queue_.push_back({waiting.index, waiting.command, {}, {}});
    }
    std::deque<Issued> running;
    for (const Snapshot::Running& r : snapshot.running[unit]) {
      running.push_back({r.index, r.command, r.start, r.end});
    }
    restore_running(std::move(running), snapshot);
  }

  /// What the head still lacks; only while waiting().
  isa::UnitSet missing_tokens() const {
    return machine_.tokens.missing(unit_, head().command.wait);
  }

 protected:
  /// `running` have done their work as far as values are concerned, and are yet to complete.
  virtual void restore_running(std::deque<Issued> running, const Snapshot& snapshot) = 0;

  bool head_has_tokens() const { return waiting() && missing_tokens().empty(); }

  /// Takes the head and its tokens.
  Issued begin(Cycles now) {
    Issued issued = std::move(queue_.front());
    queue_.pop_front();
    machine_.tokens.take(unit_, issued.command.wait);
    issued.start = now;
    return issued;
  }

  /// Gives the tokens of a complete command.
  void finish(const Issued& issued) {
    machine_.tokens.give(unit_, issued.command.signal);
    if (machine_.observer != nullptr) {
      machine_.observer->completed(issued.index, issued.command, issued.start, issued.end);
    }
  }

  const isa::Unit unit_;
  Machine& machine_;

 private:
  std::deque<Issued> queue_;
};

}  // namespace systol
