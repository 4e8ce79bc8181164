// SPDX-License-Identifier: Apache-2.0
// One lane of tpu_vector_unit: from two values to a result in seven stages, each with its own
// enable. A window's places are joined in the third.

module tpu_vector_lane (
  input logic clk_i,

  // The lane's parameters.
  input logic [       tpu_pkg::SumBits-1:0] bias_i,
  input logic [tpu_pkg::MultiplierBits-1:0] multiplier_i,
  input logic [     tpu_pkg::ShiftBits-1:0] shift_i,

  // Which stages hold a place or a window, and what came with it.
  input logic                 operand_valid_i,
  input logic                 multiply_valid_i,
  input logic                 join_valid_i,
  input logic                 bias_valid_i,
  input logic                 scale_valid_i,
  input logic                 round_valid_i,
  input logic                 table_valid_i,
  input tpu_pkg::place_t      multiply_place_i,
  input tpu_pkg::place_t      join_place_i,
  input tpu_pkg::window_t     bias_window_i,
  input tpu_pkg::window_t     scale_window_i,
  input tpu_pkg::window_t     round_window_i,
  input logic                 table_use_i,

  input  tpu_pkg::lane_t    a_i,
  input  tpu_pkg::lane_t    b_i,
  input  tpu_pkg::lane_t    a_zero_point_i,
  input  tpu_pkg::lane_t    b_zero_point_i,
  output tpu_pkg::operand_t value_o,  // to look up
  input  tpu_pkg::operand_t entry_i,  // what the table has for it
  output tpu_pkg::lane_t    result_o
);

  tpu_pkg::difference_t a_q, b_q;
  tpu_pkg::product_t left_q, right_q;
  tpu_pkg::joined_t joined_q;
  tpu_pkg::sum_t biased_q;
  tpu_pkg::scaled_t scaled_q, rounded;
  tpu_pkg::lane_t value_q, result_q;

  always_ff @(posedge clk_i) begin
    if (operand_valid_i) begin
      a_q <= tpu_pkg::subtract(a_i, a_zero_point_i);
      b_q <= tpu_pkg::subtract(b_i, b_zero_point_i);
    end
  end

  always_ff @(posedge clk_i) begin
    if (multiply_valid_i) begin
      left_q <= tpu_pkg::multiply(a_q, tpu_pkg::left_factor(
          multiply_place_i.operation, b_q, multiply_place_i.a_multiplier));
      right_q <= tpu_pkg::multiply(b_q, multiply_place_i.b_multiplier);
    end
  end

  always_ff @(posedge clk_i) begin
    if (join_valid_i) begin
      joined_q <= tpu_pkg::join_place(join_place_i.first, join_place_i.join_maximum, joined_q,
          tpu_pkg::operate(join_place_i.operation, left_q, right_q));
    end
  end

  always_ff @(posedge clk_i) begin
    if (bias_valid_i) begin
      biased_q <= tpu_pkg::saturate(joined_q, bias_window_i.channels ? bias_i : '0);
    end
  end

  always_ff @(posedge clk_i) begin
    if (scale_valid_i) begin
      scaled_q <= tpu_pkg::scale(biased_q,
          scale_window_i.channels ? multiplier_i : scale_window_i.multiplier);
    end
  end

  assign rounded =
      tpu_pkg::round(scaled_q, round_window_i.channels ? shift_i : round_window_i.shift) +
      tpu_pkg::ScaledBits'(round_window_i.zero_point);
  always_ff @(posedge clk_i) begin
    if (round_valid_i) begin
      value_q <= tpu_pkg::clamp_lane(rounded, round_window_i.minimum, round_window_i.maximum);
    end
  end

  // The table's values are int8.
  always_ff @(posedge clk_i) begin
    if (table_valid_i) begin
      result_q <= table_use_i ? tpu_pkg::LaneBits'(entry_i) : value_q;
    end
  end

  // Each stage takes its own part of the parameters.
  logic unused_parts;
  assign unused_parts = ^{multiply_place_i, join_place_i, bias_window_i, scale_window_i,
                          round_window_i};

  assign value_o  = value_q[tpu_pkg::OperandBits-1:0];
  assign result_o = result_q;

endmodule
