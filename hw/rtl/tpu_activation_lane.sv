// SPDX-License-Identifier: Apache-2.0
// One column of tpu_activation: from a sum to its result in four stages, or six with a residual,
// each with its own enable.

module tpu_activation_lane (
  input logic clk_i,

  // The column's parameters.
  input logic [       tpu_pkg::SumBits-1:0] bias_i,
  input logic [tpu_pkg::MultiplierBits-1:0] multiplier_i,
  input logic [     tpu_pkg::ShiftBits-1:0] shift_i,

  // Which stages hold a row, and the row's own parameters.
  input logic                               row_valid_i,
  input logic                               scale_valid_i,
  input logic                               round_valid_i,
  input logic                               weigh_valid_i,
  input logic                               finish_valid_i,
  input logic                               added_valid_i,  // the table meets a sum with a residual
  input logic                               table_valid_i,
  input tpu_pkg::activate_t                 row_i,
  input tpu_pkg::activate_t                 scale_i,
  input tpu_pkg::activate_t                 round_i,
  input tpu_pkg::residual_t                 weigh_i,
  input tpu_pkg::residual_t                 finish_i,
  input logic                               table_use_i,

  input  tpu_pkg::sum_t     sum_i,
  input  tpu_pkg::operand_t residual_i,  // in the cycle of weigh_valid_i
  output tpu_pkg::operand_t value_o,  // to look up
  input  tpu_pkg::operand_t entry_i,  // what the table has for it
  output tpu_pkg::operand_t result_o
);

  tpu_pkg::sum_t biased_q;
  tpu_pkg::scaled_t scaled_q, rounded, finished;
  tpu_pkg::operand_t value_q, added_q, looked_up, result_q;
  tpu_pkg::sum_t weighed_q;

  always_ff @(posedge clk_i) begin
    if (row_valid_i) begin
      biased_q <= tpu_pkg::add_bias(sum_i, row_i.own ? row_i.bias : bias_i);
    end
  end

  always_ff @(posedge clk_i) begin
    if (scale_valid_i) begin
      scaled_q <= tpu_pkg::scale(biased_q, scale_i.own ? scale_i.multiplier : multiplier_i);
    end
  end

  assign rounded = tpu_pkg::round(scaled_q, round_i.own ? round_i.shift : shift_i) +
      tpu_pkg::ScaledBits'(round_i.zero_point);
  always_ff @(posedge clk_i) begin
    if (round_valid_i) begin
      value_q <= tpu_pkg::clamp(rounded, round_i.minimum, round_i.maximum);
    end
  end

  always_ff @(posedge clk_i) begin
    if (weigh_valid_i) begin
      weighed_q <= tpu_pkg::weigh(value_q, weigh_i.sums_zero_point, weigh_i.sums_multiplier) +
          tpu_pkg::weigh(residual_i, weigh_i.residual_zero_point, weigh_i.residual_multiplier);
    end
  end

  assign finished = tpu_pkg::round(tpu_pkg::ScaledBits'(weighed_q), finish_i.shift) +
      tpu_pkg::ScaledBits'(finish_i.zero_point);
  always_ff @(posedge clk_i) begin
    if (finish_valid_i) begin
      added_q <= tpu_pkg::clamp(finished, finish_i.minimum, finish_i.maximum);
    end
  end

  assign looked_up = added_valid_i ? added_q : value_q;
  always_ff @(posedge clk_i) begin
    if (table_valid_i) begin
      result_q <= table_use_i ? entry_i : looked_up;
    end
  end

  // Each stage takes its own part of the row's parameters.
  logic unused_parts;
  assign unused_parts = ^{row_i, scale_i, round_i, weigh_i, finish_i};

  assign value_o  = looked_up;
  assign result_o = result_q;

endmodule
