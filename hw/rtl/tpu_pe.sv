// SPDX-License-Identifier: Apache-2.0
// One processing element of the weight-stationary array: multiplies the activation that passes by
// its active weight and adds the product to the sum that passes.
//
// An operand comes with a bit that says whether its lane carries one. Where either lane carries
// none, as in the part of the array that a tile leaves empty, the PE adds nothing to the sum.

module tpu_pe #(
  parameter int unsigned OperandBits = 8,
  parameter int unsigned WeightBits  = 8,
  parameter int unsigned SumBits     = 32
) (
  input logic clk_i,

  // The next tile's weight, to the shadow register.
  input logic                         load_i,
  input logic                         weight_mask_i,
  input logic signed [WeightBits-1:0] weight_i,

  // A wave passes; with `swap_i` it is a tile's first, and the shadow weight becomes active for it.
  input  logic                          wave_i,
  input  logic                          swap_i,
  input  logic                          act_mask_i,
  input  logic signed [OperandBits-1:0] act_i,
  input  logic signed [    SumBits-1:0] sum_i,
  output logic                          act_mask_o,
  output logic signed [OperandBits-1:0] act_o,
  output logic signed [    SumBits-1:0] sum_o
);

  localparam int unsigned ProductBits = OperandBits + WeightBits;

  logic shadow_mask_q, active_mask_q, weight_mask, act_mask_q;
  logic signed [WeightBits-1:0] shadow_q, active_q, weight;
  logic signed [OperandBits-1:0] act_q;
  logic signed [ProductBits-1:0] product, addend;
  logic signed [SumBits-1:0] sum_q;

  assign weight      = swap_i ? shadow_q : active_q;
  assign weight_mask = swap_i ? shadow_mask_q : active_mask_q;
  assign product     = act_i * weight;
  assign addend      = (act_mask_i && weight_mask) ? product : '0;

  always_ff @(posedge clk_i) begin
    if (load_i) begin
      shadow_mask_q <= weight_mask_i;
      shadow_q      <= weight_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (wave_i && swap_i) begin
      active_mask_q <= shadow_mask_q;
      active_q      <= shadow_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (wave_i) begin
      act_mask_q <= act_mask_i;
      act_q      <= act_i;
      sum_q      <= sum_i + SumBits'(addend);
    end
  end

  assign act_mask_o = act_mask_q;
  assign act_o      = act_q;
  assign sum_o      = sum_q;

endmodule
