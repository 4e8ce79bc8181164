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

CycleEnergy GateLevelPe::cycle(const InPlacePins& pins, const PeRegisters& before) {
  simulator_.set("wave_i", pins.wave ? 1 : 0);
  simulator_.set("begin_i", pins.begin ? 1 : 0);
  simulator_.set("copy_i", pins.copy ? 1 : 0);
  simulator_.set("act_mask_i", pins.activation_mask ? 1 : 0);
  simulator_.set("act_i", pins.activation);
  simulator_.set("weight_mask_i", pins.weight_mask ? 1 : 0);
  simulator_.set("weight_i", pins.weight);
  simulator_.set("move_i", pins.move ? 1 : 0);
  simulator_.set("drain_i", static_cast<std::uint32_t>(pins.drained_sum));
  const CycleEnergy energy = simulator_.cycle();
  compare("act_mask_o", before.activation_mask ? 1 : 0);
  compare("act_o", before.activation);
  compare("weight_mask_o", before.weight_mask ? 1 : 0);
  compare("weight_o", before.weight);
  compare("drain_o", static_cast<std::uint32_t>(before.drained_sum));
  return energy;
}

void GateLevelPe::compare(const std::string& port, std::uint64_t expected) {
  const std::uint64_t got = simulator_.value(port);
  if (got != expected && !difference_) {
    difference_ = fmt::format("{} is {:#x} in the gates and {:#x} in the RTL", port, got, expected);
  }
}

}  // namespace systol::gates
