#include "sim/gates/netlist.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "sim/base/error.h"
#include "sim/base/input_file.h"

namespace systol::gates {
namespace {

constexpr std::size_t kLargestNetlist = std::size_t{1} << 28;
constexpr double kFemtosecondsPerNanosecond = 1e6;
constexpr double kTypicalSlew = 0.1;  // ns: of pins that no cell drives
constexpr const char* kGated = "GATED_DFF";
constexpr const char* kFlipFlopOfGated = "DFFPOSX1";

std::int64_t femtoseconds(double ns) {
  return std::max<std::int64_t>(1, std::llround(ns * kFemtosecondsPerNanosecond));
}

class NetlistReader {
 public:
  NetlistReader(const nlohmann::json& module, const Library& library, double clock_slew)
      : module_(module), library_(library), clock_slew_(clock_slew) {}

  Netlist read() {
    for (const auto& [name, port] : module_.at("ports").items()) {
      for (const auto& bit : port.at("bits")) {
        netlist_.ports[name].push_back(net(bit));
      }
    }
    for (const auto& [name, json] : module_.at("cells").items()) {
      add(json);
    }
    connect_rest();
    load_nets();
    drive_nets();
    for (const Instance& instance : instances_) {
      enter(instance);
    }
    return std::move(netlist_);
  }

 private:
  struct Instance {
    const Cell* cell = nullptr;
    std::vector<NetId> inputs;
    std::vector<NetId> outputs;
    NetId enable = FlipFlop::kAlways;
  };
  static constexpr NetId kUnconnected = ~NetId{0};
  struct Net {
    double load = 0.0;                                         // pF
    PerDirection<double> pin_energy{};                         // pJ
    PerDirection<double> slew = {kTypicalSlew, kTypicalSlew};  // ns
  };

  /// Yosys counts nets from 2 and writes constants as texts.
  NetId net(const nlohmann::json& bit) {
    const NetId id = bit.is_string() ? (bit.get<std::string>() == "1" ? 1 : 0) : bit.get<NetId>();
    constexpr NetId kMostNets = 1U << 24;
    if (id >= kMostNets) {
      throw InputError(fmt::format("netlist: net {} of at most {}", id, kMostNets));
    }
    nets_.resize(std::max<std::size_t>(nets_.size(), id + std::size_t{1}));
    return id;
  }

  NetId pin(const nlohmann::json& connections, const std::string& name) {
    return net(connections.at(name).at(0));
  }

  void add(const nlohmann::json& json) {
    const std::string type = json.at("type").get<std::string>();
    const auto found = library_.cells.find(type == kGated ? kFlipFlopOfGated : type);
    if (found == library_.cells.end()) {
      throw InputError(fmt::format("netlist: '{}' is no gate or flip-flop of the library", type));
    }
    const nlohmann::json& connections = json.at("connections");
    Instance instance;
    instance.cell = &found->second;
    for (const InputPin& input : found->second.inputs) {
      instance.inputs.push_back(pin(connections, input.name));
    }
    for (const OutputPin& output : found->second.outputs) {
      instance.outputs.push_back(connections.contains(output.name) ? pin(connections, output.name)
                                                                   : kUnconnected);
    }
    instance.enable = type == kGated ? pin(connections, "EN") : FlipFlop::kAlways;
    netlist_.area += found->second.area;
    netlist_.leakage += found->second.leakage;
    instances_.push_back(std::move(instance));
  }

  /// An output that nothing takes drives a net of its own, after those of the file.
  void connect_rest() {
    for (Instance& instance : instances_) {
      for (NetId& output : instance.outputs) {
        if (output == kUnconnected) {
          output = static_cast<NetId>(nets_.size());
          nets_.emplace_back();
        }
      }
    }
  }

  void load_nets() {
    for (const Instance& instance : instances_) {
      for (std::size_t i = 0; i < instance.inputs.size(); ++i) {
        if (is_clock(*instance.cell, i)) {
          continue;  // the clock tree's load is counted with the edges
        }
        const InputPin& pin = instance.cell->inputs[i];
        Net& net = nets_[instance.inputs[i]];
        net.load += pin.capacitance;
        net.pin_energy[0] += pin.energy.fall.at(0.0, kTypicalSlew);
        net.pin_energy[1] += pin.energy.rise.at(0.0, kTypicalSlew);
      }
    }
    for (const Net& net : nets_) {
      const double load = 0.5 * net.load * library_.volts * library_.volts;
      netlist_.net_energy.push_back({load + net.pin_energy[0], load + net.pin_energy[1]});
    }
  }

  static bool is_clock(const Cell& cell, std::size_t input) {
    return cell.flip_flop && cell.flip_flop->clock == input;
  }

  /// The slews of nets, from inputs of typical slew.
  void drive_nets() {
    for (const Instance& instance : instances_) {
      for (std::size_t o = 0; o < instance.outputs.size(); ++o) {
        Net& net = nets_[instance.outputs[o]];
        const std::vector<Arc>& arcs = instance.cell->outputs[o].arcs;
        const bool register_output = instance.cell->flip_flop.has_value();
        const Arc& arc = arcs[register_output ? instance.cell->flip_flop->clock : 0];
        const double slew = register_output ? clock_slew_ : kTypicalSlew;
        net.slew = {std::max(0.0, arc.slew.fall.at(net.load, slew)),
                    std::max(0.0, arc.slew.rise.at(net.load, slew))};
      }
    }
  }

  void enter(const Instance& instance) {
    if (instance.cell->flip_flop) {
      enter_flip_flop(instance);
      return;
    }
    for (std::size_t o = 0; o < instance.outputs.size(); ++o) {
      const OutputPin& output = instance.cell->outputs[o];
      Gate gate{instance.outputs[o], output.truth, instance.inputs, {}};
      const double load = nets_[gate.output].load;
      for (std::size_t i = 0; i < gate.inputs.size(); ++i) {
        const PerDirection<double>& slews = nets_[gate.inputs[i]].slew;
        gate.arcs.push_back(arc_of(output.arcs[i], load, (slews[0] + slews[1]) / 2));
      }
      netlist_.gates.push_back(std::move(gate));
    }
  }

  static Gate::Arc arc_of(const Arc& arc, double load, double slew) {
    return {
        {femtoseconds(arc.delay.fall.at(load, slew)), femtoseconds(arc.delay.rise.at(load, slew))},
        {arc.energy.fall.at(load, slew), arc.energy.rise.at(load, slew)}};
  }

  void enter_flip_flop(const Instance& instance) {
    const Cell::Register& pins = *instance.cell->flip_flop;
    const InputPin& clock = instance.cell->inputs[pins.clock];
    FlipFlop flip_flop;
    flip_flop.data = instance.inputs[pins.data];
    flip_flop.output = instance.outputs[0];
    flip_flop.enable = instance.enable;
    flip_flop.clock_energy = clock.energy.rise.at(0.0, clock_slew_) +
                             clock.energy.fall.at(0.0, clock_slew_) +
                             clock.capacitance * library_.volts * library_.volts;
    const Gate::Arc arc = arc_of(instance.cell->outputs[0].arcs[pins.clock],
                                 nets_[flip_flop.output].load, clock_slew_);
    flip_flop.delay = arc.delay;
    flip_flop.energy = arc.energy;
    netlist_.flip_flops.push_back(flip_flop);
  }

  const nlohmann::json& module_;
  const Library& library_;
  double clock_slew_;
  std::vector<Net> nets_ = std::vector<Net>(2);
  std::vector<Instance> instances_;
  Netlist netlist_;
};

}  // namespace

Netlist read_netlist(const std::filesystem::path& path, const std::string& module,
                     const Library& library, double clock_slew) {
  try {
    const auto json = nlohmann::json::parse(read_whole_file(path, "a netlist", kLargestNetlist));
    return NetlistReader(json.at("modules").at(module), library, clock_slew).read();
  } catch (const nlohmann::json::exception& error) {
    throw InputError(
        fmt::format("{}: no netlist that Yosys wrote: {}", path.string(), error.what()));
  }
}

}  // namespace systol::gates
