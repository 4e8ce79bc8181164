// SPDX-License-Identifier: Apache-2.0
// A bf16 activation times a bf16 weight, added to an fp32 sum: the product is rounded to fp32,
// which it hardly ever needs, and then the sum. No registers.
//
// Where `counts_i` is low one of the operands' lanes carries none, and the sum stays as it is.

module tpu_bf16_multiply_add (
  input  logic             counts_i,
  input  tpu_pkg::half_t   act_i,
  input  tpu_pkg::half_t   weight_i,
  input  tpu_pkg::single_t sum_i,
  output tpu_pkg::single_t sum_o
);

  tpu_pkg::single_t sum;
  assign sum   = tpu_pkg::float_add(sum_i, tpu_pkg::float_multiply(act_i, weight_i));
  assign sum_o = counts_i ? sum : sum_i;

endmodule
