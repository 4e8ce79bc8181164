#include "sim/gates/gate_simulator.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/error.h"

namespace systol::gates {
namespace {

constexpr std::uint32_t kFromOutside = ~std::uint32_t{0};

const std::vector<NetId>& port_of(const Netlist& netlist, const std::string& name) {
  const auto found = netlist.ports.find(name);
  if (found == netlist.ports.end()) {
    throw InputError(fmt::format("netlist: there is no port '{}'", name));
  }
  return found->second;
}

}  // namespace

GateSimulator::GateSimulator(const Netlist& netlist)
    : netlist_(netlist),
      fanouts_(netlist.net_energy.size()),
      values_(netlist.net_energy.size()),
      states_(netlist.gates.size()) {
  values_[1] = 1;
  for (std::uint32_t g = 0; g < netlist.gates.size(); ++g) {
    const std::vector<NetId>& inputs = netlist.gates[g].inputs;
    for (std::uint32_t i = 0; i < inputs.size(); ++i) {
      fanouts_[inputs[i]].push_back({g, i});
    }
  }
  input_delay_ = 1;
  for (const FlipFlop& flip_flop : netlist.flip_flops) {
    input_delay_ = std::max({input_delay_, (flip_flop.delay[0] + flip_flop.delay[1]) / 2});
  }
  settle_without_time();
  settled_ = values_;
}

void GateSimulator::settle_without_time() {
  bool moving = true;
  for (std::size_t round = 0; moving; ++round) {
    if (round > netlist_.gates.size()) {
      throw InputError("netlist: a loop of gates never settles");
    }
    moving = false;
    for (std::size_t g = 0; g < states_.size(); ++g) {
      const Gate& gate = netlist_.gates[g];
      std::uint32_t index = 0;
      for (std::size_t i = 0; i < gate.inputs.size(); ++i) {
        index |= static_cast<std::uint32_t>(values_[gate.inputs[i]]) << i;
      }
      const bool value = (gate.truth >> index & 1) != 0;
      moving = moving || value != (values_[gate.output] != 0);
      states_[g] = {index, 0, value, false};
      values_[gate.output] = static_cast<char>(value);
    }
  }
}

void GateSimulator::schedule(NetId net, bool value, std::int64_t delay, double energy) {
  events_.push({now_ + delay, order_++, kFromOutside, 0, net, value, static_cast<float>(energy)});
}

void GateSimulator::set(const std::string& port, std::uint64_t value) {
  const std::vector<NetId>& nets = port_of(netlist_, port);
  for (std::size_t bit = 0; bit < nets.size(); ++bit) {
    const bool high = bit < 64 && (value >> bit & 1) != 0;
    if (nets[bit] > 1 && high != (values_[nets[bit]] != 0)) {
      schedule(nets[bit], high, input_delay_, 0.0);
    }
  }
}

std::uint64_t GateSimulator::value(const std::string& port) const {
  const std::vector<NetId>& nets = port_of(netlist_, port);
  std::uint64_t value = 0;
  for (std::size_t bit = 0; bit < nets.size(); ++bit) {
    value |= static_cast<std::uint64_t>(settled_[nets[bit]]) << bit;
  }
  return value;
}

CycleEnergy GateSimulator::cycle() {
  energy_ = {};
  while (!events_.empty()) {
    const Event event = events_.top();
    events_.pop();
    now_ = event.time;
    if (event.source == kFromOutside || states_[event.source].serial == event.serial) {
      change(event);
    }
  }
  for (const NetId net : changed_) {
    settled_changes_ += values_[net] != settled_[net] ? 1U : 0U;
    settled_[net] = values_[net];
  }
  changed_.clear();
  edge();
  return energy_;
}

void GateSimulator::change(const Event& event) {
  if (event.source != kFromOutside) {
    states_[event.source].pending = false;
  }
  if ((values_[event.net] != 0) == event.value) {
    return;
  }
  values_[event.net] = static_cast<char>(event.value);
  energy_.data += event.energy + netlist_.net_energy[event.net][event.value ? 1 : 0];
  ++changes_;
  changed_.push_back(event.net);
  for (const Fanout& fanout : fanouts_[event.net]) {
    evaluate(fanout);
  }
}

void GateSimulator::evaluate(const Fanout& fanout) {
  const Gate& gate = netlist_.gates[fanout.gate];
  GateState& state = states_[fanout.gate];
  state.index ^= 1U << fanout.input;
  const bool value = (gate.truth >> state.index & 1) != 0;
  if (value == state.target) {
    return;
  }
  ++state.serial;  // what was about to happen does not
  state.target = value;
  if (state.pending) {
    state.pending = false;
    return;
  }
  state.pending = true;
  const Gate::Arc& arc = gate.arcs[fanout.input];
  events_.push({now_ + arc.delay[value ? 1 : 0], order_++, fanout.gate, state.serial, gate.output,
                value, static_cast<float>(arc.energy[value ? 1 : 0])});
}

void GateSimulator::edge() {
  for (const FlipFlop& flip_flop : netlist_.flip_flops) {
    if (flip_flop.enable != FlipFlop::kAlways && values_[flip_flop.enable] == 0) {
      continue;
    }
    energy_.clock += flip_flop.clock_energy;
    const bool value = values_[flip_flop.data] != 0;
    if (value != (values_[flip_flop.output] != 0)) {
      schedule(flip_flop.output, value, flip_flop.delay[value ? 1 : 0],
               flip_flop.energy[value ? 1 : 0]);
    }
  }
}

}  // namespace systol::gates
