// SPDX-License-Identifier: Apache-2.0
// What a processing element makes of the sum that it is given, its activation and its weight: for
// each operation of hw/isa/pe_type.h one circuit. No registers.
//
// Where `counts_i` is low one of the operands' lanes carries none, and the sum stays as it is.

module tpu_pe_sum #(
  parameter int unsigned Operation   = tpu_pkg::PeMultiply,
  parameter int unsigned OperandBits = 8,
  parameter int unsigned WeightBits  = 8,
  parameter int unsigned SumBits     = 32
) (
  input  logic                          counts_i,
  input  logic signed [OperandBits-1:0] act_i,
  input  logic signed [ WeightBits-1:0] weight_i,
  input  logic signed [    SumBits-1:0] sum_i,
  output logic signed [    SumBits-1:0] sum_o
);

  if (Operation == tpu_pkg::PeMultiply) begin : gen_multiply

    localparam int unsigned ProductBits = OperandBits + WeightBits;
    logic signed [ProductBits-1:0] product, addend;
    assign product = act_i * weight_i;
    assign addend  = counts_i ? product : '0;
    assign sum_o   = sum_i + SumBits'(addend);

  end else if (Operation == tpu_pkg::PeAbsoluteDifference) begin : gen_absolute_difference

    // -|d| is d where it is negative, and elsewhere ~d + 1. One adder does it all: its carry comes
    // from a place below the last, where both numbers have the bit that says so.
    localparam int unsigned DifferenceBits = tpu_pkg::difference_bits(OperandBits, WeightBits);
    logic signed [DifferenceBits-1:0] difference, addend;
    logic negate;
    logic [SumBits:0] wide;
    assign difference = DifferenceBits'(act_i) - DifferenceBits'(weight_i);
    assign negate     = counts_i && !difference[DifferenceBits-1];
    assign addend     = counts_i ? difference ^ {DifferenceBits{negate}} : '0;
    assign wide       = {sum_i, negate} + {SumBits'(addend), negate};
    assign sum_o      = wide[SumBits:1];

    logic unused_carry_place;
    assign unused_carry_place = wide[0];

  end else if (Operation == tpu_pkg::PeFloatMultiply) begin : gen_float_multiply

    tpu_bf16_multiply_add u_multiply_add (
      .counts_i,
      .act_i,
      .weight_i,
      .sum_i,
      .sum_o
    );

  end else if (Operation == tpu_pkg::PeNegate) begin : gen_negate

    // -a is ~a + 1, and the 1 is the carry of the adder that adds it to the sum.
    logic signed [OperandBits-1:0] addend;
    logic negate;
    logic [SumBits:0] wide;
    assign negate = counts_i && weight_i[WeightBits-1];
    assign addend = counts_i ? act_i ^ {OperandBits{negate}} : '0;
    assign wide   = {sum_i, negate} + {SumBits'(addend), negate};
    assign sum_o  = wide[SumBits:1];

    logic unused_negate_carry_place;
    assign unused_negate_carry_place = wide[0];

  end else if (Operation == tpu_pkg::PeSelectMultiply) begin : gen_select_multiply

    // The operand is a group, its first activation in the lowest bits.
    localparam int unsigned ValueBits = OperandBits / tpu_pkg::GroupValues;
    localparam int unsigned KeptBits = WeightBits - tpu_pkg::IndexBits;
    localparam int unsigned ProductBits = ValueBits + KeptBits;
    logic [tpu_pkg::IndexBits-1:0] index;
    logic signed [ValueBits-1:0] picked;
    logic signed [KeptBits-1:0] kept;
    logic signed [ProductBits-1:0] product, addend;
    assign index   = weight_i[WeightBits-1:KeptBits];
    assign picked  = act_i[index*ValueBits+:ValueBits];
    assign kept    = weight_i[KeptBits-1:0];
    assign product = picked * kept;
    assign addend  = counts_i ? product : '0;
    assign sum_o   = sum_i + SumBits'(addend);

  end else if (Operation == tpu_pkg::PeXnorPopcount) begin : gen_xnor_popcount

    // n agreeing bits and OperandBits - n differing ones add 2n - OperandBits, which is even: the
    // sum's lowest bit stays.
    localparam int unsigned CountBits = $clog2(OperandBits) + 2;
    logic signed [CountBits-1:0] count, addend;
    logic [OperandBits-1:0] agree;
    logic signed [SumBits-2:0] upper;
    assign agree = ~(act_i ^ weight_i);
    always_comb begin
      count = '0;
      for (int unsigned i = 0; i < OperandBits; i++) begin
        count = count + CountBits'(agree[i]);
      end
    end
    assign addend = counts_i ? count - CountBits'(OperandBits / 2) : '0;
    assign upper = $signed(sum_i[SumBits-1:1]) + (SumBits - 1)'(addend);
    assign sum_o = {upper, sum_i[0]};

  end else begin : gen_no_operation
    $fatal(1, "tpu_pe_sum: Operation must be one of tpu_pkg's");
  end

endmodule
