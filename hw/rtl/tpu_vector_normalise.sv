// SPDX-License-Identifier: Apache-2.0
// The vector unit's normalisation, a row of N int8 values at a time, in two passes over its pieces
// of `Lanes` values: the sum S and the sum of squares Q; and
//   clamp(((N * x - S) * r + 2^26) >> 27, -32768, 32767)
// with s = floor(sqrt((N * Q - S^2 + epsilon) * 2^16)) and r = floor(2^46 / s), or 0 where s is 0.
// Between the passes are 32 cycles with a bit of s each and 47 with a bit of r each. The unit has
// no back-pressure: whoever drives the pins knows the timing.

module tpu_vector_normalise #(
  parameter int unsigned Lanes = 16,

  localparam int unsigned LengthBits  = 16,  // of N: 1 to 32768
  localparam int unsigned EpsilonBits = 46
) (
  input logic clk_i,
  input logic rst_ni,

  // A piece of a row, in the first pass or the second; `length` and `epsilon` belong to the row.
  // Lanes whose mask bit is low are past the row's end.
  input logic                                  piece_valid_i,
  input logic                                  piece_write_i,  // the second pass
  input logic                                  piece_first_i,  // of the pass
  input logic                                  piece_last_i,
  input logic [LengthBits-1:0]                 piece_length_i,
  input logic [EpsilonBits-1:0]                piece_epsilon_i,
  input logic [Lanes-1:0]                      piece_mask_i,
  input logic [Lanes*tpu_pkg::OperandBits-1:0] piece_data_i,

  // The values of a piece of the second pass, a cycle later; they hold until the next.
  output logic                               result_valid_o,
  output logic [Lanes*tpu_pkg::LaneBits-1:0] result_data_o
);

  if (Lanes == 0) begin : gen_no_lanes
    $fatal(1, "tpu_vector_normalise: Lanes must be at least 1");
  end

  localparam int unsigned OperandBits = tpu_pkg::OperandBits;
  localparam int unsigned LaneBits = tpu_pkg::LaneBits;
  localparam int unsigned SumBits = OperandBits + LengthBits;  // of S, of N * x, and of their
  localparam int unsigned DistanceBits = SumBits + 1;          //   difference
  localparam int unsigned SquareBits = 2 * OperandBits + LengthBits;
  localparam int unsigned RadicandBits = 64;
  localparam int unsigned RootBits = RadicandBits / 2;
  localparam int unsigned QuotientBits = 47;  // of 2^46
  localparam int unsigned CountBits = $clog2(RootBits + QuotientBits + 1);
  localparam int unsigned ReciprocalBits = 39;  // of the quotient: a root that is not 0 is at
                                                //   least 256
  localparam int unsigned ProductBits = DistanceBits + ReciprocalBits;
  localparam int unsigned PointBits = 27;

  logic in_sums, in_write;
  assign in_sums  = piece_valid_i && !piece_write_i;
  assign in_write = piece_valid_i && piece_write_i;

  //////////
  // Sums //
  //////////

  logic signed [SumBits-1:0] sum_d, sum_q;
  logic [SquareBits-1:0] squares_d, squares_q;

  always_comb begin
    sum_d     = piece_first_i ? '0 : sum_q;
    squares_d = piece_first_i ? '0 : squares_q;
    for (int unsigned i = 0; i < Lanes; i++) begin
      if (piece_mask_i[i]) begin
        sum_d = sum_d + SumBits'($signed(piece_data_i[i*OperandBits+:OperandBits]));
        squares_d = squares_d +
            SquareBits'($signed(piece_data_i[i*OperandBits+:OperandBits])) *
            SquareBits'($signed(piece_data_i[i*OperandBits+:OperandBits]));
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (in_sums) begin
      sum_q     <= sum_d;
      squares_q <= squares_d;
    end
  end

  /////////////////////////
  // Root and reciprocal //
  /////////////////////////

  // Both by hand, a bit a cycle, one after the other. A remainder is at most twice the root.
  logic [CountBits-1:0] bits_left_q;
  logic [RadicandBits-1:0] radicand_q;
  logic [RootBits+1:0] remainder_q, root_rest, root_trial, quotient_rest;
  logic [RootBits-1:0] root_q;
  logic [ReciprocalBits-1:0] reciprocal_q;

  logic begins, moves, in_root, root_fits, quotient_fits;
  assign begins  = in_sums && piece_last_i;
  assign moves   = bits_left_q != '0;
  assign in_root = bits_left_q > CountBits'(QuotientBits);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      bits_left_q <= '0;
    end else if (begins) begin
      bits_left_q <= CountBits'(RootBits + QuotientBits);
    end else if (moves) begin
      bits_left_q <= bits_left_q - CountBits'(1);
    end
  end

  // N * Q - S^2 is N^2 times the variance; its 16 more bits are those after the point.
  logic [RadicandBits-1:0] spread;
  assign spread = RadicandBits'(piece_length_i) * RadicandBits'(squares_d) -
      RadicandBits'(sum_d) * RadicandBits'(sum_d) + RadicandBits'(piece_epsilon_i);

  // The root: the next two bits come down, and it grows by a bit if its square still fits.
  assign root_rest  = {remainder_q[RootBits-1:0], radicand_q[RadicandBits-1-:2]};
  assign root_trial = {root_q, 2'b01};
  assign root_fits  = root_rest >= root_trial;

  // The reciprocal: of the dividend only the first bit is one.
  assign quotient_rest = {remainder_q[RootBits:0], bits_left_q == CountBits'(QuotientBits)};
  assign quotient_fits = root_q != '0 && quotient_rest >= {2'b00, root_q};

  always_ff @(posedge clk_i) begin
    if (begins) begin
      radicand_q <= {spread[RadicandBits-17:0], 16'b0};
    end else if (in_root) begin
      radicand_q <= {radicand_q[RadicandBits-3:0], 2'b00};
    end
  end

  always_ff @(posedge clk_i) begin
    if (begins) begin
      root_q <= '0;
    end else if (in_root) begin
      root_q <= {root_q[RootBits-2:0], root_fits};
    end
  end

  // Nothing of the root's remainder is left to the reciprocal.
  always_ff @(posedge clk_i) begin
    if (begins || bits_left_q == CountBits'(QuotientBits + 1)) begin
      remainder_q <= '0;
    end else if (in_root) begin
      remainder_q <= root_fits ? root_rest - root_trial : root_rest;
    end else if (moves) begin
      remainder_q <= quotient_fits ? quotient_rest - {2'b00, root_q} : quotient_rest;
    end
  end

  always_ff @(posedge clk_i) begin
    if (moves && !in_root) begin
      reciprocal_q <= {reciprocal_q[ReciprocalBits-2:0], quotient_fits};
    end
  end

  logic unused_top_bits;
  assign unused_top_bits = ^{spread[RadicandBits-1-:16], remainder_q[RootBits+1]};

  ////////////
  // Values //
  ////////////

  localparam logic signed [LaneBits-1:0] Lowest = {1'b1, {(LaneBits - 1) {1'b0}}};
  localparam logic signed [LaneBits-1:0] Highest = {1'b0, {(LaneBits - 1) {1'b1}}};
  logic result_valid_q;
  logic [Lanes*LaneBits-1:0] values, result_q;

  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    logic signed [DistanceBits-1:0] distance;
    logic signed [ProductBits-1:0] product, rounded;
    // The row's length has no sign.
    assign distance = DistanceBits'($signed({1'b0, piece_length_i})) *
        DistanceBits'($signed(piece_data_i[i*OperandBits+:OperandBits])) - DistanceBits'(sum_q);
    assign product = ProductBits'(distance) * $signed(ProductBits'(reciprocal_q)) +
        (ProductBits'(1) <<< (PointBits - 1));
    assign rounded = product >>> PointBits;
    assign values[i*LaneBits+:LaneBits] = (rounded < ProductBits'(Lowest)) ? Lowest :
        (rounded > ProductBits'(Highest)) ? Highest : rounded[LaneBits-1:0];
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      result_valid_q <= 1'b0;
    end else begin
      result_valid_q <= in_write;
    end
  end
  always_ff @(posedge clk_i) begin
    if (in_write) begin
      result_q <= values;
    end
  end

  assign result_valid_o = result_valid_q;
  assign result_data_o  = result_q;

  ////////////////
  // Assertions //
  ////////////////

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      LengthIsLegal: assert (!piece_valid_i || (piece_length_i >= 1 && piece_length_i <= 32768))
      else $error("a row of %0d values", piece_length_i);
      ReciprocalIsWhole: assert (!piece_valid_i || !moves)
      else $error("a piece while %0d bits of root and reciprocal are missing", bits_left_q);
    end
  end
`endif

endmodule
