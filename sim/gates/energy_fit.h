// A PE's energy as a sum of what it did, fitted to gates.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/gates/gate_level_unit.h"

namespace systol::gates {

/// What the energy of changing values is made of.
inline constexpr auto kTerms = std::to_array<std::string_view>(
    {"wave", "activation_toggle", "product_toggle", "sign_toggle", "weight_toggle", "sum_toggle",
     "weight_bus_toggle", "multiplication", "exponent_change", "idle_exponent_toggle",
     "sum_exponent_toggle", "product_change", "met_weight_toggle", "drain"});
using Terms = std::array<double, kTerms.size()>;

Terms terms_of(const PeActivity& activity);

struct DataSet {
  std::string name;
  PeActivity activity;
};

/// Each term's energy in pJ, none negative, for the least sum of squared relative errors of the
/// sets' energies, clocks included. Sets that used nothing have no say.
Terms fit_terms(std::span<const DataSet> sets);

double data_energy(const Terms& energies, const PeActivity& activity);

/// (fitted + clock) / simulated - 1; 0 where nothing was used.
double relative_error(const Terms& energies, const PeActivity& activity);

struct FitError {
  double mean = 0.0;   ///< of the absolute relative errors
  double worst = 0.0;  ///< of them
};
FitError error_of(const Terms& energies, std::span<const DataSet> sets);

}  // namespace systol::gates
