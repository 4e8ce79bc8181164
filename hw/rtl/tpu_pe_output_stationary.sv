// SPDX-License-Identifier: Apache-2.0
// One processing element of the output-stationary array: keeps a sum, adds what the two operands
// that meet in it give (tpu_pe_sum), and hands the sum down when a product is complete.
//
// As in tpu_pe, nothing is added where either operand's lane carries none.

module tpu_pe_output_stationary #(
  parameter int unsigned Operation   = tpu_pkg::PeMultiply,
  parameter int unsigned OperandBits = 8,
  parameter int unsigned WeightBits  = 8,
  parameter int unsigned SumBits     = 32
) (
  input logic clk_i,

  // A step passes; with `begin_i` it is a product's first, with `copy_i` its last.
  input  logic                          wave_i,
  input  logic                          begin_i,
  input  logic                          copy_i,
  input  logic                          act_mask_i,
  input  logic signed [OperandBits-1:0] act_i,
  input  logic                          weight_mask_i,
  input  logic signed [ WeightBits-1:0] weight_i,
  output logic                          act_mask_o,
  output logic signed [OperandBits-1:0] act_o,
  output logic                          weight_mask_o,
  output logic signed [ WeightBits-1:0] weight_o,

  // Sums on their way out, from the PE above.
  input  logic                      move_i,
  input  logic signed [SumBits-1:0] drain_i,
  output logic signed [SumBits-1:0] drain_o
);

  logic act_mask_q, weight_mask_q;
  logic signed [OperandBits-1:0] act_q;
  logic signed [WeightBits-1:0] weight_q;
  logic signed [SumBits-1:0] base, sum, sum_q, drain_q;

  assign base = begin_i ? '0 : sum_q;

  tpu_pe_sum #(
    .Operation(Operation),
    .OperandBits(OperandBits),
    .WeightBits(WeightBits),
    .SumBits(SumBits)
  ) u_sum (
    .counts_i(act_mask_i && weight_mask_i),
    .act_i,
    .weight_i,
    .sum_i(base),
    .sum_o(sum)
  );

  always_ff @(posedge clk_i) begin
    if (wave_i) begin
      act_mask_q    <= act_mask_i;
      act_q         <= act_i;
      weight_mask_q <= weight_mask_i;
      weight_q      <= weight_i;
      sum_q         <= sum;
    end
  end

  always_ff @(posedge clk_i) begin
    if (copy_i || move_i) begin
      drain_q <= copy_i ? sum : drain_i;
    end
  end

  assign act_mask_o    = act_mask_q;
  assign act_o         = act_q;
  assign weight_mask_o = weight_mask_q;
  assign weight_o      = weight_q;
  assign drain_o       = drain_q;

endmodule
