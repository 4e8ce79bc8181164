// The vector unit as a clocked SystemC module, with the ports of hw/rtl/tpu_vector_unit.sv.
// Inside is any VectorUnit: the verilated RTL or the C++ model; nothing outside can tell which.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <exception>
#include <functional>
#include <systemc>
#include <utility>
#include <vector>

#include "sim/systemc/vector_pins.h"
#include "sim/unit/vector_unit.h"

namespace systol {

class VectorUnitModule : public sc_core::sc_module {
 public:
  sc_core::sc_in<bool> clk_i{"clk_i"};
  sc_core::sc_in<VectorTablePins> table_i{"table_i"};
  sc_core::sc_in<VectorChannelPins> channel_i{"channel_i"};
  sc_core::sc_in<VectorOperandPins> operand_i{"operand_i"};
  sc_core::sc_out<VectorResultPins> result_o{"result_o"};

  /// Called with what the unit threw, and the edge that it threw at: edge 0 begins the first cycle.
  using Failed = std::function<void(const std::exception_ptr&, std::uint64_t edge)>;

  VectorUnitModule(const sc_core::sc_module_name& name, VectorUnit& unit, std::size_t lanes,
                   Failed failed)
      : sc_module(name), unit_(unit), lanes_(lanes), failed_(std::move(failed)) {
    results_.fill(std::vector<std::int16_t>(lanes));
    SC_HAS_PROCESS(VectorUnitModule);
    SC_METHOD(clock_edge);
    sensitive << clk_i.pos();
    dont_initialize();
  }

  /// The pins as they are now.
  VectorInputs inputs() const {
    VectorInputs inputs;
    const VectorTablePins& table = table_i.read();
    const VectorChannelPins& channel = channel_i.read();
    const VectorOperandPins& operand = operand_i.read();
#define SYSTOL_PIN(group, name, type, bits, span) inputs.group##_##name = group.name;
    SYSTOL_VECTOR_INPUT_PINS(SYSTOL_PIN)
#undef SYSTOL_PIN
    return inputs;
  }

 private:
  void clock_edge() {
    try {
      if (moves()) {
        step();
      }
    } catch (...) {
      failed_(std::current_exception(), edge_);
    }
    ++edge_;
  }

  /// Nothing changes in a unit that has been presented nothing for longer than a result takes, so
  /// that it need not be simulated.
  bool moves() {
    constexpr std::uint32_t kLongest = 8;  // edges, the last to take the result back
    if (table_i.read().valid || channel_i.read().valid || operand_i.read().valid) {
      edges_left_ = kLongest;
    }
    if (edges_left_ == 0) {
      return false;
    }
    --edges_left_;
    return true;
  }

  void step() {
    const VectorOutputs& outputs = unit_.step(inputs());
    if (!outputs.result_valid) {
      result_o.write({});
      return;
    }
    // The reader samples at the next edge, when the unit may already have moved on.
    std::swap(results_[0], results_[1]);
    std::copy_n(outputs.result_data, lanes_, results_[0].begin());
    result_o.write({true, results_[0].data()});
  }

  VectorUnit& unit_;
  std::size_t lanes_;
  Failed failed_;
  std::uint64_t edge_ = 0;
  std::uint32_t edges_left_ = 0;
  std::array<std::vector<std::int16_t>, 2> results_;
};

}  // namespace systol
