// Gates in time: each change of a net is an event, glitches included, and has its energy.
#pragma once

#include <cstdint>
#include <queue>
#include <string>
#include <vector>

#include "sim/gates/netlist.h"

namespace systol::gates {

/// What a clock cycle used, in pJ.
struct CycleEnergy {
  double data = 0.0;   ///< what switched because values changed
  double clock = 0.0;  ///< clock pins of the registers that were clocked
};

/// Delays are inertial: a change that is taken back before it is through does not happen.
class GateSimulator {
 public:
  /// All registers and inputs are 0. `netlist` must outlive this.
  explicit GateSimulator(const Netlist& netlist);

  /// The pin's value in the next cycle.
  void set(const std::string& port, std::uint64_t value);
  /// One cycle: the inputs and the registers of the last edge settle, then the clock's edge comes.
  CycleEnergy cycle();
  /// As settled before the last cycle's edge.
  std::uint64_t value(const std::string& port) const;
  /// Changes of nets so far, and those of them that a cycle's end does not show: glitches.
  std::uint64_t changes() const { return changes_; }
  std::uint64_t glitches() const { return changes_ - settled_changes_; }

 private:
  struct Event {
    std::int64_t time;
    std::uint64_t order;
    std::uint32_t source;  ///< a gate, or kFromOutside
    std::uint32_t serial;  ///< of the gate's schedule; older ones were taken back
    NetId net;
    bool value;
    float energy;
    bool operator>(const Event& other) const {
      return time != other.time ? time > other.time : order > other.order;
    }
  };
  struct Fanout {
    std::uint32_t gate;
    std::uint32_t input;
  };
  struct GateState {
    std::uint32_t index = 0;  ///< of the truth table
    std::uint32_t serial = 0;
    bool target = false;  ///< the output, or what it is about to be
    bool pending = false;
  };

  void settle_without_time();
  void schedule(NetId net, bool value, std::int64_t delay, double energy);
  void evaluate(const Fanout& fanout);
  void change(const Event& event);
  void edge();

  const Netlist& netlist_;
  std::vector<std::vector<Fanout>> fanouts_;
  std::vector<char> values_;
  std::vector<char> settled_;
  std::vector<NetId> changed_;
  std::vector<GateState> states_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  std::int64_t input_delay_;  ///< a register of a neighbour drives each pin
  std::int64_t now_ = 0;
  std::uint64_t order_ = 0;
  std::uint64_t changes_ = 0;
  std::uint64_t settled_changes_ = 0;
  CycleEnergy energy_;
};

}  // namespace systol::gates
