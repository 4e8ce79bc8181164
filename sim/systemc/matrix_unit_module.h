// The matrix unit as a clocked SystemC module, with the ports of hw/rtl/tpu_matrix_unit.sv.
// Inside is any MatrixUnit: the verilated RTL or the C++ model; nothing outside can tell which.
#pragma once

#include <algorithm>
#include <array>
#include <systemc>
#include <vector>

#include "sim/systemc/pins.h"
#include "sim/unit/matrix_unit.h"

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
  sc_core::sc_out<ResultPins> result_o{"result_o"};

  MatrixUnitModule(const sc_core::sc_module_name& name, MatrixUnit& unit, std::size_t columns)
      : sc_module(name), unit_(unit), columns_(columns) {
    results_.fill(std::vector<std::int8_t>(columns));
    SC_HAS_PROCESS(MatrixUnitModule);
    SC_METHOD(clock_edge);
    sensitive << clk_i.pos();
    dont_initialize();
  }

  /// The pins as they are now.
  UnitInputs inputs() const {
    UnitInputs inputs;
    const WeightPins& weight = weight_i.read();
    inputs.weight_valid = weight.valid;
    inputs.weight_row = weight.row;
    inputs.weight_data = weight.data;
    const FeedPins& feed = feed_i.read();
    inputs.feed_valid = feed.valid;
    inputs.feed_swap = feed.swap;
    inputs.feed_add = feed.add;
    inputs.feed_address = feed.address;
    inputs.feed_data = feed.data;
    inputs.feed_begin = feed.begin;
    inputs.feed_drain = feed.drain;
    const DrainPins& drain = drain_i.read();
    inputs.drain_valid = drain.valid;
    inputs.drain_address = drain.address;
    const ChannelPins& channel = channel_i.read();
    inputs.channel_valid = channel.valid;
    inputs.channel_plane = channel.plane;
    inputs.channel_data = channel.data;
    const TablePins& table = table_i.read();
    inputs.table_valid = table.valid;
    inputs.table_row = table.row;
    inputs.table_data = table.data;
    const ActivatePins& activate = activate_i.read();
    inputs.activate_valid = activate.valid;
    inputs.activate_table = activate.table;
    inputs.activate_address = activate.address;
    inputs.activate_zero_point = activate.zero_point;
    inputs.activate_minimum = activate.minimum;
    inputs.activate_maximum = activate.maximum;
    inputs.activate_own = activate.own;
    inputs.activate_bias = activate.bias;
    inputs.activate_multiplier = activate.multiplier;
    inputs.activate_shift = activate.shift;
    return inputs;
  }

 private:
  void clock_edge() {
    const UnitOutputs& outputs = unit_.step(inputs());
    if (!outputs.result_valid) {
      result_o.write({});
      return;
    }
    // The reader samples at the next edge, when the unit may already have moved on.
    std::swap(results_[0], results_[1]);
    std::copy_n(outputs.result_data, columns_, results_[0].begin());
    result_o.write({true, results_[0].data()});
  }

  MatrixUnit& unit_;
  std::size_t columns_;
  std::array<std::vector<std::int8_t>, 2> results_;
};

}  // namespace systol
