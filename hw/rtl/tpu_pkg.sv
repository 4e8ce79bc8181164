// SPDX-License-Identifier: Apache-2.0
// Widths and constants that all modules of the matrix unit share.

package tpu_pkg;

  // Operands are int8, products are exact, sums are int32 and wrap.
  parameter int unsigned OperandBits = 8;
  parameter int unsigned SumBits = 32;
  typedef logic signed [OperandBits-1:0] operand_t;
  typedef logic signed [SumBits-1:0] sum_t;

  // Requantisation: a saturated int32 times a 31-bit multiplier, shifted right by 1 to 62. The
  // product needs 63 bits; adding half of the last place (at most 2^61) cannot overflow 64.
  parameter int unsigned MultiplierBits = 31;
  parameter int unsigned ShiftBits = 6;
  parameter int unsigned ScaledBits = 64;
  typedef logic signed [ScaledBits-1:0] scaled_t;

  // Per-column parameters arrive as byte planes: bias 0-3, multiplier 4-7, shift 8.
  parameter int unsigned ChannelPlanes = 9;
  parameter int unsigned PlaneBits = 4;

  // The table has one entry per int8 value; entry i belongs to the value i - 128.
  parameter int unsigned TableEntries = 256;

  // Addresses at the pins have one width for every shape.
  parameter int unsigned PinAddressBits = 32;

  // What the activation path needs to know about a row; travels with it.
  typedef struct packed {
    logic     use_table;
    operand_t zero_point;
    operand_t minimum;
    operand_t maximum;
    logic                      own;  // the row's own parameters, not the columns'
    logic [SumBits-1:0]        bias;
    logic [MultiplierBits-1:0] multiplier;
    logic [ShiftBits-1:0]      shift;
  } activate_t;
  parameter int unsigned ActivateBits =
      2 + 3 * OperandBits + SumBits + MultiplierBits + ShiftBits;

  // Requantisation's arithmetic: the stages of tpu_activation.
  localparam logic signed [SumBits:0] SumMaximum = {2'b00, {(SumBits - 1) {1'b1}}};
  localparam logic signed [SumBits:0] SumMinimum = {2'b11, {(SumBits - 1) {1'b0}}};

  function automatic sum_t add_bias(logic signed [SumBits-1:0] sum,
                                             logic signed [SumBits-1:0] bias);
    logic signed [SumBits:0] wide;
    wide = sum + bias;
    add_bias = (wide > SumMaximum) ? SumMaximum[SumBits-1:0] :
        (wide < SumMinimum) ? SumMinimum[SumBits-1:0] : wide[SumBits-1:0];
  endfunction

  function automatic scaled_t scale(logic signed [SumBits-1:0] biased,
                                             logic [MultiplierBits-1:0] multiplier);
    scale = ScaledBits'(biased) *
        $signed({{(ScaledBits - MultiplierBits) {1'b0}}, multiplier});
  endfunction

  // Half of 2^shift, so that a shift of 0 rounds nothing.
  function automatic scaled_t round(scaled_t scaled,
                                             logic [ShiftBits-1:0] shift);
    round = (scaled + ((ScaledBits'(1) << shift) >> 1)) >>> shift;
  endfunction

  function automatic operand_t clamp(scaled_t value, operand_t minimum,
                                              operand_t maximum);
    clamp = (value < ScaledBits'(minimum)) ? minimum :
        (value > ScaledBits'(maximum)) ? maximum : value[OperandBits-1:0];
  endfunction

  // Bits of an index below `count`; at least one, because a vector needs one.
  function automatic int unsigned index_bits(int unsigned count);
    index_bits = (count > 1) ? $clog2(count) : 1;
  endfunction

  // Entries of an array that needs `count`: with a power of two a simulator needs no range check
  // around an index, and its compiler vectorises the loop. Synthesis drops the entries never used.
  function automatic int unsigned padded(int unsigned count);
    padded = 1 << $clog2(count);
  endfunction

endpackage
