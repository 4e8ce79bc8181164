// SPDX-License-Identifier: Apache-2.0
// The PEs of tpu_array_output_stationary as a simulator likes them, for simulation only. See
// tpu_array_simulation for why the assignments are blocking, from the last row to the first, and
// why choices are written with masks.

module tpu_array_output_stationary_simulation #(
  parameter int unsigned Rows        = 4,
  parameter int unsigned Columns     = 4,
  parameter int unsigned Operation   = tpu_pkg::PeMultiply,
  parameter int unsigned OperandBits = 8,
  parameter int unsigned WeightBits  = 8,
  parameter int unsigned SumBits     = 32,

  localparam int unsigned Diagonals   = Rows + Columns - 1,
  localparam int unsigned DrainStages = Diagonals + Rows
) (
  input logic clk_i,

  // As in tpu_array_output_stationary.
  input  logic                          wave_moving_i,
  input  logic [         Diagonals-1:0] wave_valid_i,
  input  logic [         Diagonals-1:0] wave_begin_i,
  input  logic [       DrainStages-1:0] wave_drain_i,
  input  logic [              Rows-1:0] feed_mask_i,
  input  logic [  Rows*OperandBits-1:0] feed_data_i,
  input  logic [           Columns-1:0] weight_mask_i,
  input  logic [Columns*WeightBits-1:0] weight_data_i,
  output logic [   Columns*SumBits-1:0] sums_o
);

  localparam bit Multiplies = Operation == tpu_pkg::PeMultiply;
  localparam bit Negates = Operation == tpu_pkg::PeNegate;
  localparam bit Agrees = Operation == tpu_pkg::PeXnorPopcount;
  localparam int unsigned AddendBits = Multiplies ? OperandBits + WeightBits :
      tpu_pkg::difference_bits(OperandBits, WeightBits);
  localparam logic [AddendBits-1:0] Sign = {1'b1, {(AddendBits - 1) {1'b0}}};
  localparam int unsigned Pes = tpu_pkg::padded(Rows * Columns);
  localparam int unsigned PesAndEdge = tpu_pkg::padded((Rows + 1) * Columns);

  // PE (r, c) is at r * Columns + c; weights and drained sums one row later: row 0 is what comes in
  // from the north. An operand's mask is the bit above it.
  logic [WeightBits:0] weight_q[PesAndEdge]  /*verilator public_flat_rw*/;
  logic [OperandBits:0] act_q[Pes]  /*verilator public_flat_rw*/;
  logic signed [SumBits-1:0] sum_q[Pes]  /*verilator public_flat_rw*/;
  logic signed [SumBits-1:0] drain_q[PesAndEdge]  /*verilator public_flat_rw*/;

  // The wave's bits, as wide as what they select; the operands and addends of a row of PEs.
  logic [OperandBits:0] act_moves[tpu_pkg::padded(Diagonals)];
  logic [WeightBits:0] weight_moves[tpu_pkg::padded(Diagonals)];
  logic [SumBits-1:0] sum_moves[tpu_pkg::padded(Diagonals)];
  logic [SumBits-1:0] first[tpu_pkg::padded(Diagonals)];
  logic [SumBits-1:0] copy[tpu_pkg::padded(Diagonals)];
  logic [SumBits-1:0] move[PesAndEdge];
  logic [OperandBits:0] west[tpu_pkg::padded(Columns)];
  logic [AddendBits-1:0] addend[tpu_pkg::padded(Columns)];
  logic [Columns*SumBits-1:0] sums_d, sums_q;

  always_ff @(posedge clk_i) begin : pe_array
    int unsigned d, r, c;
    d = 0;
    r = 0;
    c = 0;

    if (wave_moving_i) begin
      for (d = 0; d < Diagonals; d++) begin
        act_moves[d] = {(OperandBits + 1) {wave_valid_i[d]}};
        weight_moves[d] = {(WeightBits + 1) {wave_valid_i[d]}};
        sum_moves[d] = {SumBits{wave_valid_i[d]}};
        first[d] = {SumBits{wave_begin_i[d]}};
        copy[d] = {SumBits{wave_drain_i[d]}};
      end
      // PE (r, c) moves in the r cycles after its column's last PE got its copy.
      for (c = 0; c < Columns; c++) begin
        move[c] = '0;
      end
      for (r = 1; r <= Rows; r++) begin
        for (c = 0; c < Columns; c++) begin
          move[r*Columns+c] = move[(r-1)*Columns+c] | {SumBits{wave_drain_i[Rows+c+r-1]}};
        end
      end

      for (c = 0; c < Columns; c++) begin
        weight_q[c] = {weight_mask_i[c], weight_data_i[c*WeightBits+:WeightBits]};
        drain_q[c] = '0;
        if (move[Rows*Columns+c][0]) begin
          sums_d[c*SumBits+:SumBits] = drain_q[Rows*Columns+c];
        end
      end
      sums_q <= sums_d;

      for (r = Rows; r > 0; r--) begin
        west[0] = {feed_mask_i[r-1], feed_data_i[(r-1)*OperandBits+:OperandBits]};
        for (c = 1; c < Columns; c++) begin
          west[c] = act_q[(r-1)*Columns+c-1];
        end
        for (c = 0; c < Columns; c++) begin
          // The product, or the difference and then its negated absolute value; or the activation
          // as it is, or its complement and 1; or the agreement of 8 signs.
          addend[c] = Multiplies ? AddendBits'($signed(west[c][OperandBits-1:0])) *
              AddendBits'($signed(weight_q[(r-1)*Columns+c][WeightBits-1:0])) :
              AddendBits'($signed(west[c][OperandBits-1:0])) -
              AddendBits'($signed(weight_q[(r-1)*Columns+c][WeightBits-1:0]));
          if (Agrees) begin
            addend[c] = AddendBits'(tpu_pkg::agreement(
                8'(west[c][OperandBits-1:0]), 8'(weight_q[(r-1)*Columns+c][WeightBits-1:0])));
          end else if (Negates) begin
            addend[c] = (AddendBits'($signed(west[c][OperandBits-1:0])) ^
                {AddendBits{weight_q[(r-1)*Columns+c][WeightBits-1]}}) +
                AddendBits'(weight_q[(r-1)*Columns+c][WeightBits-1]);
          end else if (!Multiplies) begin
            addend[c] = (addend[c] ^ {AddendBits{~addend[c][AddendBits-1]}}) -
                {AddendBits{~addend[c][AddendBits-1]}};
          end
          addend[c] = (addend[c] &
              {AddendBits{west[c][OperandBits] & weight_q[(r-1)*Columns+c][WeightBits]}}) ^ Sign;
        end
        for (c = 0; c < Columns; c++) begin
          sum_q[(r-1)*Columns+c] =
              (((sum_q[(r-1)*Columns+c] & ~first[r-1+c]) +
                SumBits'(addend[c]) - SumBits'(Sign)) & sum_moves[r-1+c]) |
              (sum_q[(r-1)*Columns+c] & ~sum_moves[r-1+c]);
        end
        for (c = 0; c < Columns; c++) begin
          act_q[(r-1)*Columns+c] =
              (west[c] & act_moves[r-1+c]) | (act_q[(r-1)*Columns+c] & ~act_moves[r-1+c]);
        end
        for (c = 0; c < Columns; c++) begin
          weight_q[r*Columns+c] = (weight_q[(r-1)*Columns+c] & weight_moves[r-1+c]) |
              (weight_q[r*Columns+c] & ~weight_moves[r-1+c]);
        end
        for (c = 0; c < Columns; c++) begin
          drain_q[r*Columns+c] =
              (sum_q[(r-1)*Columns+c] & copy[r-1+c]) |
              (drain_q[(r-1)*Columns+c] & move[(r-1)*Columns+c] & ~copy[r-1+c]) |
              (drain_q[r*Columns+c] & ~(move[(r-1)*Columns+c] | copy[r-1+c]));
        end
      end
    end
  end

  assign sums_o = sums_q;

endmodule
