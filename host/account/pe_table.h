// What a PE uses, as scripts/characterise measured it in its gates.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "hw/isa/pe_type.h"
#include "sim/activity.h"
#include "sim/base/units.h"

namespace systol {

/// Of one way of building the registers, in the technology that was measured.
struct PeFigures {
  Picojoules uniform;         ///< a fed cycle on uniform random operands, clocks included
  Picojoules register_clock;  ///< a register bit that is clocked
  Picojoules wave;            ///< a row that passes
  Picojoules activation_toggle;
  Picojoules product_toggle;
  Picojoules sign_toggle;
  Picojoules weight_toggle;
  Picojoules sum_toggle;
  Picojoules weight_bus_toggle;  ///< 0 with sums in place
  // Of bf16, 0 elsewhere:
  Picojoules multiplication;  ///< of two operands neither of which is 0
  Picojoules exponent_change;
  Picojoules idle_exponent_toggle;
  Picojoules sum_exponent_toggle;  ///< beside sum_toggle
  Picojoules product_change;
  // With sums in place, 0 elsewhere:
  Picojoules met_weight_toggle;  ///< beside weight_toggle, where the weight meets an activation
  Picojoules drain;              ///< a sum that enters a PE's way out
};

struct PeTable {
  isa::PeType type = isa::PeType::Int8;
  bool in_place = false;        ///< the PE of arrays whose sums stay
  std::string source;           ///< with its status, and the command that made it
  std::uint64_t registers = 0;  ///< bits of a PE
  PeFigures held;               ///< registers that are clocked in each cycle
  PeFigures gated;              ///< registers with gated clocks
};

/// Throws InputError.
PeTable load_pe_table(const std::filesystem::path& path);

/// Bits that change, counted or expected, and what else tells what operands did.
struct SwitchedBits {
  double activations = 0;
  double products = 0;
  double signs = 0;
  double weights = 0;
  double weight_bus = 0;
  double sums = 0;
  double met_weights = 0;
  // Of bf16:
  double multiplications = 0;
  double exponent_changes = 0;
  double idle_exponents = 0;
  double sum_exponents = 0;
  double product_changes = 0;
};

/// What they use, in `fed` cycles of PEs and `drained` ones in which a sum enters the way out.
Picojoules switching_energy(const PeFigures& figures, const SwitchedBits& bits, double fed,
                            double drained = 0);

}  // namespace systol
