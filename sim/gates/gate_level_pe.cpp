#include "sim/gates/gate_level_pe.h"

#include <fmt/format.h>

namespace systol::gates {

CycleEnergy GateLevelPe::cycle(const PePins& pins, const PeRegisters& before) {
  simulator_.set("load_i", pins.load ? 1 : 0);
  simulator_.set("weight_mask_i", pins.weight_mask ? 1 : 0);
  simulator_.set("weight_i", pins.weight);
  simulator_.set("wave_i", pins.wave ? 1 : 0);
  simulator_.set("swap_i", pins.swap ? 1 : 0);
  simulator_.set("act_mask_i", pins.activation_mask ? 1 : 0);
  simulator_.set("act_i", pins.activation);
  simulator_.set("sum_i", static_cast<std::uint32_t>(pins.sum));
  const CycleEnergy energy = simulator_.cycle();
  compare("act_mask_o", before.activation_mask ? 1 : 0);
  compare("act_o", before.activation);
  compare("sum_o", static_cast<std::uint32_t>(before.partial_sum));
  return energy;
}

void GateLevelPe::compare(const std::string& port, std::uint64_t expected) {
  const std::uint64_t got = simulator_.value(port);
  if (got != expected && !difference_) {
    difference_ = fmt::format("{} is {:#x} in the gates and {:#x} in the RTL", port, got, expected);
  }
}

}  // namespace systol::gates
