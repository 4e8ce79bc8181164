// What was measured of a PE, for people and as a table.
#pragma once

#include <string>
#include <vector>

#include "sim/gates/energy_fit.h"

namespace systol::gates {

/// Of one netlist.
struct Measured {
  std::vector<DataSet> fitted;  ///< the sets that the terms were fitted to
  std::vector<DataSet> tested;  ///< others
  Terms terms{};                ///< pJ each
  double register_clock = 0.0;  ///< pJ per register bit that is clocked
  std::size_t registers = 0;    ///< bits
  double area = 0.0;            ///< as the library counts it
  double leakage = 0.0;         ///< nW
};

/// A line for each set with its energy per cycle and the fit's error.
std::string to_text(const Measured& measured);

/// The table of a PE type; `held` has registers that hold by multiplexers and are always clocked,
/// `gated` those whose clocks are gated. `in_place`: the PE whose sums stay.
std::string to_yaml(const std::string& type, bool in_place, const Measured& held,
                    const Measured& gated, double volts, const std::string& command);

}  // namespace systol::gates
