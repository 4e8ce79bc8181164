// One PE at gate level, with the pins of hw/rtl/tpu_pe.sv or, of the array whose sums stay, of
// hw/rtl/tpu_pe_output_stationary.sv.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/gates/gate_simulator.h"
#include "sim/unit/matrix_unit.h"

namespace systol::gates {

struct PePins {
  bool load = false;
  bool weight_mask = false;
  std::uint16_t weight = 0;
  bool wave = false;
  bool swap = false;
  bool activation_mask = false;
  std::uint32_t activation = 0;  ///< or a group of them
  std::int32_t sum = 0;
};

struct InPlacePins {
  bool wave = false;
  bool begin = false;
  bool copy = false;
  bool activation_mask = false;
  std::uint16_t activation = 0;
  bool weight_mask = false;
  std::uint16_t weight = 0;
  bool move = false;
  std::int32_t drained_sum = 0;
};

class GateLevelPe {
 public:
  explicit GateLevelPe(const Netlist& netlist) : simulator_(netlist) {}

  /// One cycle with these pins. `before` are the RTL's registers at its beginning: a sentence says
  /// which of the outputs differs from them, if one does.
  CycleEnergy cycle(const PePins& pins, const PeRegisters& before);
  CycleEnergy cycle(const InPlacePins& pins, const PeRegisters& before);
  const std::optional<std::string>& difference() const { return difference_; }
  const GateSimulator& simulator() const { return simulator_; }

 private:
  void compare(const std::string& port, std::uint64_t expected);

  GateSimulator simulator_;
  std::optional<std::string> difference_;
};

}  // namespace systol::gates
