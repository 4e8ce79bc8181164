// SPDX-License-Identifier: Apache-2.0
// Widths, constants and arithmetic that all modules share.

package tpu_pkg;

  // Operands are int8, products are exact, sums are int32 and wrap.
  parameter int unsigned OperandBits = 8;
  parameter int unsigned SumBits = 32;
  typedef logic signed [OperandBits-1:0] operand_t;
  typedef logic signed [SumBits-1:0] sum_t;

  // What a PE adds to its sum: PeOperation of hw/isa/pe_type.h.
  parameter int unsigned PeMultiply = 0;  // activation times weight
  parameter int unsigned PeAbsoluteDifference = 1;  // -|activation - weight|
  parameter int unsigned PeFloatMultiply = 2;  // their product; bf16 operands and fp32 sums
  parameter int unsigned PeNegate = 3;  // the activation, negated where the weight's one bit is 1
  parameter int unsigned PeSelectMultiply = 4;  // weight times the activation that its index names
  parameter int unsigned PeXnorPopcount = 5;  // 8 products of signs, bit by bit

  // Two of four: the activations of a group come to a PE together, and two PE rows share one. A
  // weight has the index above it.
  parameter int unsigned GroupValues = 4;
  parameter int unsigned GroupRows = 2;
  parameter int unsigned IndexBits = 2;

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

  // A row of the buffer that is added to a row of results, both less their zero points and weighed,
  // and how their sum is finished. It travels beside the row.
  parameter int unsigned WeighingBits = 22;
  typedef logic signed [WeighingBits-1:0] weighing_t;
  typedef struct packed {
    logic                 use_table;
    operand_t             sums_zero_point;
    weighing_t            sums_multiplier;
    operand_t             residual_zero_point;
    weighing_t            residual_multiplier;
    logic [ShiftBits-1:0] shift;
    operand_t             zero_point;
    operand_t             minimum;
    operand_t             maximum;
  } residual_t;
  parameter int unsigned ResidualBits = 1 + 5 * OperandBits + 2 * WeighingBits + ShiftBits;

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

  // Of a difference of 9 bits and a multiplier of 22: two of them fit a sum.
  function automatic sum_t weigh(logic signed [OperandBits-1:0] value,
                                 logic signed [OperandBits-1:0] zero_point,
                                 logic signed [WeighingBits-1:0] multiplier);
    weigh = (SumBits'(value) - SumBits'(zero_point)) * SumBits'(multiplier);
  endfunction

  // The vector unit's lanes: values of 16 bits less their zero points, times factors of 32, joined
  // in sums of 64 that wrap. From there on a lane is as a column of the activation path.
  parameter int unsigned LaneBits = 16;
  parameter int unsigned DifferenceBits = LaneBits + 1;
  parameter int unsigned FactorBits = 32;
  parameter int unsigned ProductBits = DifferenceBits + FactorBits;
  parameter int unsigned JoinBits = 64;
  typedef logic signed [LaneBits-1:0] lane_t;
  typedef logic signed [DifferenceBits-1:0] difference_t;
  typedef logic signed [FactorBits-1:0] factor_t;
  typedef logic signed [ProductBits-1:0] product_t;
  typedef logic signed [JoinBits-1:0] joined_t;

  parameter int unsigned LaneOperationBits = 3;
  parameter logic [LaneOperationBits-1:0] LaneFill = 3'd0;
  parameter logic [LaneOperationBits-1:0] LaneCopy = 3'd1;
  parameter logic [LaneOperationBits-1:0] LaneAdd = 3'd2;
  parameter logic [LaneOperationBits-1:0] LaneMultiply = 3'd3;
  parameter logic [LaneOperationBits-1:0] LaneMaximum = 3'd4;
  parameter logic [LaneOperationBits-1:0] LaneMinimum = 3'd5;

  // What the lanes need to know about a place of a window, up to the join.
  typedef struct packed {
    logic first;
    logic last;
    logic [LaneOperationBits-1:0] operation;
    logic join_maximum;  // of the places, not their sum
    factor_t a_multiplier;
    factor_t b_multiplier;
  } place_t;

  // And about the window, from there on.
  typedef struct packed {
    logic channels;  // the lane's parameters, not the window's
    logic [MultiplierBits-1:0] multiplier;
    logic [ShiftBits-1:0] shift;
    lane_t zero_point;
    lane_t minimum;
    lane_t maximum;
    logic use_table;
  } window_t;

  function automatic difference_t subtract(logic signed [LaneBits-1:0] value,
                                           logic signed [LaneBits-1:0] zero_point);
    subtract = DifferenceBits'(value) - DifferenceBits'(zero_point);
  endfunction

  // What a value of `a` is multiplied by.
  function automatic factor_t left_factor(logic [LaneOperationBits-1:0] operation,
                                          logic signed [DifferenceBits-1:0] b,
                                          logic signed [FactorBits-1:0] a_multiplier);
    left_factor = (operation == LaneFill) ? FactorBits'(0) :
        (operation == LaneCopy) ? FactorBits'(1) :
        (operation == LaneMultiply) ? FactorBits'(b) : a_multiplier;
  endfunction

  function automatic product_t multiply(logic signed [DifferenceBits-1:0] value,
                                        logic signed [FactorBits-1:0] factor);
    multiply = ProductBits'(value) * ProductBits'(factor);
  endfunction

  // What a lane makes of both products.
  function automatic joined_t operate(logic [LaneOperationBits-1:0] operation,
                                      logic signed [ProductBits-1:0] left,
                                      logic signed [ProductBits-1:0] right);
    logic take_right;
    take_right = (operation == LaneMaximum) ? right > left :
        (operation == LaneMinimum) && right < left;
    operate = (operation == LaneAdd) ? JoinBits'(left) + JoinBits'(right) :
        take_right ? JoinBits'(right) : JoinBits'(left);
  endfunction

  function automatic joined_t join_place(logic first, logic join_maximum,
                                         logic signed [JoinBits-1:0] joined,
                                         logic signed [JoinBits-1:0] value);
    join_place = (first || (join_maximum && value > joined)) ? value :
        join_maximum ? joined : joined + value;
  endfunction

  // What needs more than 33 bits is saturated whatever the bias is.
  function automatic sum_t saturate(logic signed [JoinBits-1:0] joined,
                                    logic signed [SumBits-1:0] bias);
    logic signed [SumBits+1:0] wide;
    logic fits;
    fits = joined[JoinBits-1:SumBits] == {(JoinBits - SumBits) {joined[JoinBits-1]}};
    wide = $signed(joined[SumBits+1:0]) + (SumBits+2)'(bias);
    saturate = (fits ? wide > (SumBits+2)'(SumMaximum) : !joined[JoinBits-1]) ?
        SumMaximum[SumBits-1:0] :
        (!fits || wide < (SumBits+2)'(SumMinimum)) ? SumMinimum[SumBits-1:0] : wide[SumBits-1:0];
  endfunction

  function automatic lane_t clamp_lane(logic signed [ScaledBits-1:0] value,
                                       logic signed [LaneBits-1:0] minimum,
                                       logic signed [LaneBits-1:0] maximum);
    clamp_lane = (value < ScaledBits'(minimum)) ? minimum :
        (value > ScaledBits'(maximum)) ? maximum : value[LaneBits-1:0];
  endfunction

  // bf16 and fp32 (docs/numerics.md): IEEE 754 with subnormal numbers, rounding to the nearest,
  // halves to even, and one NaN.
  typedef logic [15:0] half_t;
  typedef logic [31:0] single_t;
  parameter half_t HalfNan = 16'h7fc0;
  parameter single_t SingleNan = 32'h7fc0_0000;
  parameter logic [30:0] SingleInfinity = 31'h7f80_0000;

  // What the activation path of floats needs to know about a row; travels with it.
  typedef struct packed {
    logic    own;   // the row's own bias, not the columns'
    single_t bias;
    logic    relu;  // 0 in the place of what is negative
    logic    wide;  // fp32, not bf16
  } activate_float_t;
  parameter int unsigned ActivateFloatBits = 3 + 32;

  // A product of two bf16 has 16 bits, and fp32 has room for 24: what is rounded are products below
  // the smallest normal number, whose significand is shifted out to the right.
  function automatic single_t float_multiply(half_t a, half_t b);
    logic nan;
    logic [15:0] significand;
    logic signed [10:0] exponent;  // as fp32 stores it, once the first bit is in front
    logic [4:0] distance;
    logic [25:0] places, lost;  // the significand's 24, and two to round by
    logic [30:0] magnitude;
    nan = a[14:0] > 15'h7f80 || b[14:0] > 15'h7f80 || (a[14:0] == 15'h7f80 && b[14:0] == '0) ||
        (b[14:0] == 15'h7f80 && a[14:0] == '0);
    significand = {8'b0, a[14:7] != '0, a[6:0]} * {8'b0, b[14:7] != '0, b[6:0]};
    exponent = $signed({3'b0, a[14:7]}) + $signed({10'b0, a[14:7] == '0}) +
        $signed({3'b0, b[14:7]}) + $signed({10'b0, b[14:7] == '0}) - 11'sd126;
    for (int i = 3; i >= 0; i--) begin
      if ((significand >> (16 - (1 << i))) == '0) begin
        significand = significand << (1 << i);
        exponent = exponent - 11'(1 << i);
      end
    end
    distance = (exponent > 11'sd0) ? 5'd0 : (exponent < -11'sd24) ? 5'd26 : 5'(11'sd1 - exponent);
    places = {significand, 10'b0} >> distance;
    lost = {significand, 10'b0} & ~(26'h3ff_ffff << distance);
    // The bit in front counts one in the exponent, of which normal numbers have one less here.
    exponent = (exponent > 11'sd0) ? exponent - 11'sd1 : 11'sd0;
    magnitude = {exponent[7:0], 23'b0} + 31'(places[25:2]) +
        31'(places[1] && (places[2] || places[0] || lost != '0));
    magnitude = (a[14:7] == '1 || b[14:7] == '1 || exponent > 11'sd253) ? SingleInfinity :
        (significand == '0) ? 31'b0 : magnitude;
    float_multiply = nan ? SingleNan : {a[15] ^ b[15], magnitude};
  endfunction

  // Three places behind the significand's are enough to round by: the smaller number is shifted out
  // to the right by more than one place only where the sum loses at most one in front.
  function automatic single_t float_add(single_t a, single_t b);
    single_t greater;
    logic [30:0] lesser;
    logic [7:0] distance;
    logic [8:0] exponent;
    logic [27:0] left, right, lost, total;
    logic [30:0] magnitude;
    greater = (b[30:0] > a[30:0]) ? b : a;
    lesser = (b[30:0] > a[30:0]) ? a[30:0] : b[30:0];
    exponent = {1'b0, greater[30:23]} + 9'(greater[30:23] == '0);
    distance = exponent[7:0] - lesser[30:23] - 8'(lesser[30:23] == '0);
    distance = (distance > 8'd27) ? 8'd27 : distance;
    left = {1'b0, greater[30:23] != '0, greater[22:0], 3'b0};
    right = {1'b0, lesser[30:23] != '0, lesser[22:0], 3'b0};
    lost = right & ~(28'hfff_ffff << distance);
    right = right >> distance;
    right[0] = right[0] || lost != '0;
    total = (a[31] != b[31]) ? left - right : left + right;
    if (total[27]) begin
      total = {1'b0, total[27:2], total[1] || total[0]};
      exponent = exponent + 9'd1;
    end
    for (int i = 4; i >= 0; i--) begin  // no further than a subnormal number's exponent
      if ((total[26:0] >> (27 - (1 << i))) == '0 && exponent > 9'(1 << i)) begin
        total = total << (1 << i);
        exponent = exponent - 9'(1 << i);
      end
    end
    exponent = (total == '0) ? 9'd0 : exponent - 9'd1;  // which the bit in front counts, as above
    magnitude = {exponent[7:0], 23'b0} + 31'(total[26:3]) +
        31'(total[2] && (total[3] || total[1] || total[0]));
    magnitude = (greater[30:23] == '1 || exponent > 9'd253) ? SingleInfinity : magnitude;
    float_add = (greater[30:0] > SingleInfinity ||
                 (lesser == SingleInfinity && a[31] != b[31])) ? SingleNan :
        {(total == '0) ? a[31] && b[31] : greater[31], magnitude};
  endfunction

  function automatic half_t float_narrow(single_t value);
    float_narrow = (value[30:0] > SingleInfinity) ? HalfNan :
        value[31:16] + 16'(value[15] && (value[16] || value[14:0] != '0));
  endfunction

  // Bits of the difference of two signed numbers, and of its negated absolute value.
  function automatic int unsigned difference_bits(int unsigned left, int unsigned right);
    difference_bits = ((left > right) ? left : right) + 1;
  endfunction

  // The sum of 8 products of signs, one for each bit of two bytes: bits are counted two, four and
  // eight at a time.
  function automatic logic signed [4:0] agreement(logic [7:0] act, logic [7:0] weight);
    logic [7:0] agree;
    agree = ~(act ^ weight);
    agree = agree - ((agree >> 1) & 8'h55);
    agree = (agree & 8'h33) + ((agree >> 2) & 8'h33);
    agree = (agree & 8'h0f) + (agree >> 4);
    agreement = {agree[3:0], 1'b0} - 5'd8;
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
