// A netlist of library cells, as Yosys writes it (write_json), with the delays and energies that
// its loads give.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "sim/gates/liberty.h"

namespace systol::gates {

using NetId = std::uint32_t;

/// What a pair of directions costs: [0] falls, [1] rises.
template <class T>
using PerDirection = std::array<T, 2>;

/// One output of a gate.
struct Gate {
  NetId output = 0;
  std::uint64_t truth = 0;
  std::vector<NetId> inputs;
  struct Arc {
    PerDirection<std::int64_t> delay{};  ///< fs
    PerDirection<double> energy{};       ///< pJ
  };
  std::vector<Arc> arcs;  ///< one for each input
};

struct FlipFlop {
  NetId data = 0;
  NetId output = 0;
  NetId enable = kAlways;              ///< of a gated clock
  double clock_energy = 0.0;           ///< pJ for both edges, the clock pin's load included
  PerDirection<std::int64_t> delay{};  ///< from the clock's edge, fs
  PerDirection<double> energy{};       ///< pJ for each change
  static constexpr NetId kAlways = ~NetId{0};
};

struct Netlist {
  std::vector<Gate> gates;
  std::vector<FlipFlop> flip_flops;
  std::vector<PerDirection<double>> net_energy;     ///< pJ for each change: load and input pins
  std::map<std::string, std::vector<NetId>> ports;  ///< lowest bit first
  double area = 0.0;                                ///< as the library counts it
  double leakage = 0.0;                             ///< nW
};

/// Nets 0 and 1 are the constants. `clock_slew` (ns) is that of the clock's edges; a GATED_DFF is
/// the library's DFFPOSX1 whose clock comes while its EN is 1. Wires have no capacitance. Throws
/// InputError for a file that is no netlist of these cells.
Netlist read_netlist(const std::filesystem::path& path, const std::string& module,
                     const Library& library, double clock_slew);

}  // namespace systol::gates
