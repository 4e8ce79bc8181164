// How a verilated model of any unit is clocked and reset, for tests that step two of them.
#pragma once

/// One whole cycle, its edge first.
template <class Model>
void edge(Model& model) {
  model.clk_i = 1;
  model.eval();
  model.clk_i = 0;
  model.eval();
}

template <class Model>
void reset(Model& model) {
  model.rst_ni = 1;
  model.eval();
  model.rst_ni = 0;
  edge(model);
  model.rst_ni = 1;
}
