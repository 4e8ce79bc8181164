// SPDX-License-Identifier: Apache-2.0
// One processing element of the weight-stationary array: joins the activation that passes with its
// active weight and adds what comes out to the sum that passes (tpu_pe_sum).
//
// An operand comes with a bit that says whether its lane carries one. Where either lane carries
// none, as in the part of the array that a tile leaves empty, the PE adds nothing to the sum.

module tpu_pe #(
  parameter int unsigned Operation   = tpu_pkg::PeMultiply,
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

  logic shadow_mask_q, active_mask_q, weight_mask, act_mask_q;
  logic signed [WeightBits-1:0] shadow_q, active_q, weight;
  logic signed [OperandBits-1:0] act_q;
  logic signed [SumBits-1:0] sum, sum_q;

  assign weight      = swap_i ? shadow_q : active_q;
  assign weight_mask = swap_i ? shadow_mask_q : active_mask_q;

  tpu_pe_sum #(
    .Operation(Operation),
    .OperandBits(OperandBits),
    .WeightBits(WeightBits),
    .SumBits(SumBits)
  ) u_sum (
    .counts_i(act_mask_i && weight_mask),
    .act_i,
    .weight_i(weight),
    .sum_i,
    .sum_o(sum)
  );

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
      sum_q      <= sum;
    end
  end

  assign act_mask_o = act_mask_q;
  assign act_o      = act_q;
  assign sum_o      = sum_q;

endmodule
