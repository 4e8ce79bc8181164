// SPDX-License-Identifier: Apache-2.0
// The vector unit's softmax, a row of logits at a time, in three passes over its pieces of `Lanes`
// values: the maximum m; the exponentials e of m - x, from a table, and their sum; the shares
//   min(255, (e * floor(2^40 / sum) + 2^31) >> 32) - 128
// A divider yields a bit of the reciprocal a cycle in the 40 cycles between the last two passes.
// Of a row that comes in parts, with anything else between them, the third pass is another one (3),
// which is given the pieces again and looks their exponentials up again: then nothing is kept of
// the row but the maximum and the reciprocal, and it may be longer than `Pieces`.
// The unit has no back-pressure: whoever drives the pins knows the timing.

module tpu_vector_softmax #(
  parameter int unsigned Lanes  = 16,
  parameter int unsigned Pieces = 64,             // of the longest row whose exponentials are kept
  parameter int unsigned Values = Pieces * Lanes  // of the longest row
) (
  input logic clk_i,
  input logic rst_ni,

  // `Lanes` entries of the table of exponentials: entry d belongs to a difference of d. Those past
  // its end are ignored.
  input logic                               table_valid_i,
  input logic [tpu_pkg::PinAddressBits-1:0] table_row_i,
  input logic [Lanes*tpu_pkg::LaneBits-1:0] table_data_i,

  // A piece of a row, and the pass that it is in: 0, 1 and 2, or 3 in the place of 2. Lanes whose
  // mask bit is low are past the row's end. Pass 2 needs no data.
  input logic                                  piece_valid_i,
  input logic [1:0]                            piece_pass_i,
  input logic                                  piece_first_i,  // of the pass
  input logic                                  piece_last_i,
  input logic [Lanes-1:0]                      piece_mask_i,
  input logic [Lanes*tpu_pkg::OperandBits-1:0] piece_data_i,

  // The shares of a piece of pass 2 or 3, a cycle later; they hold until the next.
  output logic                                  result_valid_o,
  output logic [Lanes*tpu_pkg::OperandBits-1:0] result_data_o
);

  if (Lanes == 0 || Pieces == 0) begin : gen_no_lanes
    $fatal(1, "tpu_vector_softmax: Lanes and Pieces must be at least 1");
  end

  localparam int unsigned OperandBits = tpu_pkg::OperandBits;
  localparam int unsigned ExponentialBits = tpu_pkg::LaneBits;
  localparam int unsigned RowBits = Lanes * ExponentialBits;
  localparam int unsigned TableRows = (tpu_pkg::TableEntries + Lanes - 1) / Lanes;
  localparam int unsigned TableRowBits = tpu_pkg::index_bits(TableRows);
  localparam int unsigned PieceBits = tpu_pkg::index_bits(Pieces);
  localparam int unsigned SumBits = ExponentialBits + $clog2(Values + 1);

  localparam int unsigned QuotientBits = 40;  // below the one of 2^40
  localparam int unsigned ReciprocalBits = QuotientBits + 1;
  localparam int unsigned CountBits = $clog2(QuotientBits + 1);
  localparam int unsigned ShareBits = ExponentialBits + ReciprocalBits;
  localparam int unsigned PointBits = 32;

  localparam logic [1:0] PassMaximum = 2'd0;
  localparam logic [1:0] PassExponentials = 2'd1;
  localparam logic [1:0] PassShares = 2'd2;
  localparam logic [1:0] PassSharesAgain = 2'd3;

  logic in_maximum, in_exponentials, in_kept_shares, in_shares;
  assign in_maximum      = piece_valid_i && piece_pass_i == PassMaximum;
  assign in_exponentials = piece_valid_i && piece_pass_i == PassExponentials;
  assign in_kept_shares  = piece_valid_i && piece_pass_i == PassShares;
  assign in_shares       = in_kept_shares || (piece_valid_i && piece_pass_i == PassSharesAgain);

  // Which piece of the pass it is.
  logic [PieceBits:0] piece, next_piece_q;
  assign piece = piece_first_i ? '0 : next_piece_q;
  always_ff @(posedge clk_i) begin
    if (piece_valid_i) begin
      next_piece_q <= piece + (PieceBits + 1)'(1);
    end
  end

  /////////////
  // Maximum //
  /////////////

  localparam logic signed [OperandBits-1:0] Lowest = {1'b1, {(OperandBits - 1) {1'b0}}};
  logic signed [OperandBits-1:0] maximum_d, maximum_q;

  always_comb begin
    maximum_d = piece_first_i ? Lowest : maximum_q;
    for (int unsigned i = 0; i < Lanes; i++) begin
      if (piece_mask_i[i] && $signed(piece_data_i[i*OperandBits+:OperandBits]) > maximum_d) begin
        maximum_d = piece_data_i[i*OperandBits+:OperandBits];
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (in_maximum) begin
      maximum_q <= maximum_d;
    end
  end

  //////////////////
  // Exponentials //
  //////////////////

  // Both are memories of rows: the table is read for each lane, the row's exponentials are kept
  // for pass 2.
  logic [RowBits-1:0] table_q[TableRows];
  always_ff @(posedge clk_i) begin
    if (table_valid_i && table_row_i < TableRows) begin
      table_q[table_row_i[TableRowBits-1:0]] <= table_data_i;
    end
  end

  logic [RowBits-1:0] exponentials;
  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    logic [OperandBits-1:0] difference;
    logic [31:0] entry;
    logic [RowBits-1:0] table_row;
    assign difference = maximum_q - piece_data_i[i*OperandBits+:OperandBits];
    assign entry      = {24'b0, difference};
    assign table_row  = table_q[TableRowBits'(entry/Lanes)];
    assign exponentials[i*ExponentialBits+:ExponentialBits] =
        table_row[(entry%Lanes)*ExponentialBits+:ExponentialBits] &
        {ExponentialBits{piece_mask_i[i]}};
  end

  logic [RowBits-1:0] exponentials_q[Pieces];
  always_ff @(posedge clk_i) begin
    if (in_exponentials) begin
      exponentials_q[piece[PieceBits-1:0]] <= exponentials;
    end
  end

  logic [SumBits-1:0] sum_d, sum_q;
  always_comb begin
    sum_d = piece_first_i ? '0 : sum_q;
    for (int unsigned i = 0; i < Lanes; i++) begin
      sum_d = sum_d + SumBits'(exponentials[i*ExponentialBits+:ExponentialBits]);
    end
  end

  // A table whose entry for the maximum is 0 is no softmax table; it is divided by 1.
  logic divides;
  assign divides = sum_d > SumBits'(1);
  always_ff @(posedge clk_i) begin
    if (in_exponentials) begin
      sum_q <= (piece_last_i && !divides) ? SumBits'(1) : sum_d;
    end
  end

  ////////////////
  // Reciprocal //
  ////////////////

  // 2^40 by hand: its top bit in the cycle of the last exponentials, then a zero in each cycle.
  logic [CountBits-1:0] bits_left_q;
  logic [SumBits:0] dividend;
  logic [SumBits-1:0] remainder_q;
  logic [ReciprocalBits-1:0] reciprocal_q;
  logic fits;
  assign dividend = {remainder_q, 1'b0};
  assign fits     = dividend >= {1'b0, sum_q};

  logic reciprocal_begins, reciprocal_moves;
  assign reciprocal_begins = in_exponentials && piece_last_i;
  assign reciprocal_moves  = bits_left_q != '0;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      bits_left_q <= '0;
    end else if (reciprocal_begins) begin
      bits_left_q <= CountBits'(QuotientBits);
    end else if (reciprocal_moves) begin
      bits_left_q <= bits_left_q - CountBits'(1);
    end
  end

  always_ff @(posedge clk_i) begin
    if (reciprocal_begins) begin
      reciprocal_q <= divides ? '0 : ReciprocalBits'(1);
      remainder_q  <= divides ? SumBits'(1) : '0;
    end else if (reciprocal_moves) begin
      reciprocal_q <= {reciprocal_q[ReciprocalBits-2:0], fits};
      remainder_q  <= fits ? SumBits'(dividend - {1'b0, sum_q}) : dividend[SumBits-1:0];
    end
  end

  ////////////
  // Shares //
  ////////////

  logic result_valid_q;
  logic [Lanes*OperandBits-1:0] shares, result_q;
  logic [RowBits-1:0] kept;
  assign kept = in_kept_shares ? exponentials_q[piece[PieceBits-1:0]] : exponentials;

  for (genvar i = 0; i < Lanes; i++) begin : gen_share
    logic [ShareBits-1:0] share;
    logic unused_fraction;
    assign share = ShareBits'(kept[i*ExponentialBits+:ExponentialBits]) *
        ShareBits'(reciprocal_q) + (ShareBits'(1) << (PointBits - 1));
    assign unused_fraction = ^share[PointBits-1:0];
    // Less 128: the top bit of a byte turned over.
    assign shares[i*OperandBits+:OperandBits] =
        {OperandBits{share[ShareBits-1:PointBits] > (ShareBits - PointBits)'(255)}} |
        share[PointBits+:OperandBits];
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      result_valid_q <= 1'b0;
    end else begin
      result_valid_q <= in_shares;
    end
  end
  always_ff @(posedge clk_i) begin
    if (in_shares) begin
      result_q <= shares ^ {Lanes{Lowest}};
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
      PieceExists: assert (!in_kept_shares || 32'(piece) < Pieces)
      else $error("a row of more than %0d pieces", Pieces);
      ReciprocalIsWhole: assert (!piece_valid_i || !reciprocal_moves)
      else $error("a piece while %0d bits of the reciprocal are missing", bits_left_q);
    end
  end
`endif

endmodule
