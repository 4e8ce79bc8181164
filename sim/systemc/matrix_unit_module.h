// The matrix unit as a clocked SystemC module, with the ports of hw/rtl/tpu_matrix_unit.sv.
// Inside is any MatrixUnit: the verilated RTL or the C++ model; nothing outside can tell which.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <systemc>
#include <utility>
#include <vector>

#include "sim/systemc/pins.h"
#include "sim/unit/matrix_unit.h"
#include "sim/unit/sum_toggles.h"

namespace systol {

class MatrixUnitModule : public sc_core::sc_module {
 public:
  sc_core::sc_in<bool> clk_i{"clk_i"};
  sc_core::sc_in<WeightPins> weight_i{"weight_i"};
  sc_core::sc_in<FeedPins> feed_i{"feed_i"};
  sc_core::sc_in<DrainPins> drain_i{"drain_i"};
  sc_core::sc_in<ChannelPins> channel_i{"channel_i"};
  sc_core::sc_in<TablePins> table_i{"table_i"};
  sc_core::sc_in<ActivatePins> activate_i{"activate_i"};
  sc_core::sc_in<ResidualPins> residual_i{"residual_i"};
  sc_core::sc_out<ResultPins> result_o{"result_o"};

  /// Called with what the unit threw, and the edge that it threw at: edge 0 begins the first cycle.
  /// SystemC would turn an exception that leaves a process into a report of its own.
  using Failed = std::function<void(const std::exception_ptr&, std::uint64_t edge)>;

  /// A row of results has `result_bytes` bytes.
  MatrixUnitModule(const sc_core::sc_module_name& name, MatrixUnit& unit, std::size_t columns,
                   std::size_t result_bytes, Failed failed)
      : sc_module(name), unit_(unit), columns_(columns), failed_(std::move(failed)) {
    results_.fill(std::vector<std::uint8_t>(result_bytes));
    SC_HAS_PROCESS(MatrixUnitModule);
    SC_METHOD(clock_edge);
    sensitive << clk_i.pos();
    dont_initialize();
  }

  /// Before the first edge: counts the bits of partial sums that change, if the unit shows them;
  /// with `floats` those of their exponents, too.
  void count_sums(std::uint32_t rows, bool floats) {
    constexpr std::uint32_t kSumExponent = 0x7f800000;
    unit_.watch_sums();
    if (unit_.partial_sums() != nullptr) {
      const auto columns = static_cast<std::uint32_t>(columns_);
      sums_.emplace(rows, columns);
      if (floats) {
        exponents_.emplace(rows, columns, kSumExponent);
      }
    }
  }
  const std::optional<SumToggles>& sums() const { return sums_; }
  /// Nothing where sums() is nothing or sums have none.
  const std::optional<SumToggles>& exponents() const { return exponents_; }

  /// The pins as they are now.
  UnitInputs inputs() const {
    UnitInputs inputs;
    const WeightPins& weight = weight_i.read();
    const FeedPins& feed = feed_i.read();
    const DrainPins& drain = drain_i.read();
    const ChannelPins& channel = channel_i.read();
    const TablePins& table = table_i.read();
    const ActivatePins& activate = activate_i.read();
    const ResidualPins& residual = residual_i.read();
#define SYSTOL_PIN(group, name, type, bits, span) inputs.group##_##name = group.name;
    SYSTOL_INPUT_PINS(SYSTOL_PIN)
#undef SYSTOL_PIN
    return inputs;
  }

 private:
  void clock_edge() {
    try {
      step();
    } catch (...) {
      failed_(std::current_exception(), edge_);
    }
    ++edge_;
  }

  void step() {
    const UnitInputs pins = inputs();
    const UnitOutputs& outputs = unit_.step(pins);
    if (sums_) {
      sums_->step(pins.feed_valid, unit_.partial_sums());
    }
    if (exponents_) {
      exponents_->step(pins.feed_valid, unit_.partial_sums());
    }
    if (!outputs.result_valid) {
      result_o.write({});
      return;
    }
    // The reader samples at the next edge, when the unit may already have moved on.
    std::swap(results_[0], results_[1]);
    std::copy_n(outputs.result_data, results_[0].size(), results_[0].begin());
    result_o.write({true, results_[0].data()});
  }

  MatrixUnit& unit_;
  std::size_t columns_;
  Failed failed_;
  std::uint64_t edge_ = 0;
  std::optional<SumToggles> sums_;
  std::optional<SumToggles> exponents_;
  std::array<std::vector<std::uint8_t>, 2> results_;
};

}  // namespace systol
