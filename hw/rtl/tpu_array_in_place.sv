// SPDX-License-Identifier: Apache-2.0
// The PE grid of an output-stationary unit: sums stay in the PEs while both operands move.
//
//                weights, column c delayed by c cycles
//                     ▼        ▼        ▼
//   activations ──▶ [PE 0,0]─[PE 0,1]─[PE 0,2]      a step enters at the top left corner and is at
//   row r delayed ▶ [PE 1,0]─[PE 1,1]─[PE 1,2]      PE (r, c) r + c cycles later
//   by r cycles          ▼        ▼        ▼
//                     drained sums, the last row first
//
// Each PE has a second register for sums: the last step of a product copies the PE's sum into it,
// and from there the rows move down and out while the next product is under way. A column moves
// when its last PE has its copy, one row per cycle; row r moves r times, so that the copies of the
// next product, which come down from the top at the same pace, never meet those that leave.

module tpu_array_in_place #(
  parameter int unsigned Rows    = 4,
  parameter int unsigned Columns = 4
) (
  input logic clk_i,
  input logic rst_ni,

  // A step: one activation per row and one weight per column, already skewed.
  input logic                                    feed_valid_i,
  input logic                                    feed_begin_i,  // sums start at zero
  input logic                                    feed_drain_i,  // the product's last step
  input logic [   Rows*tpu_pkg::OperandBits-1:0] feed_data_i,
  input logic [Columns*tpu_pkg::OperandBits-1:0] weight_data_i,

  // Sums to the south, column c delayed by c cycles; one cycle after they left the last row.
  output logic [Columns*tpu_pkg::SumBits-1:0] sums_o,

  // Something is on its way: a step, or a row of sums until the de-skew has it.
  output logic wave_moving_o
);

  localparam int unsigned Diagonals = Rows + Columns - 1;
  localparam int unsigned DrainStages = Diagonals + Rows;
  localparam int unsigned OperandBits = tpu_pkg::OperandBits;
  localparam int unsigned SumBits = tpu_pkg::SumBits;

  // PE (r, c) is at r * Columns + c. Only `pe_array` writes these, and only it reads them.
  tpu_pkg::operand_t weight_q[tpu_pkg::padded(Rows*Columns)]  /*verilator public_flat_rw*/;
  tpu_pkg::operand_t act_q[tpu_pkg::padded(Rows*Columns)]  /*verilator public_flat_rw*/;
  tpu_pkg::sum_t psum_q[tpu_pkg::padded(Rows*Columns)]  /*verilator public_flat_rw*/;
  tpu_pkg::sum_t drain_q[tpu_pkg::padded(Rows*Columns)]  /*verilator public_flat_rw*/;

  ///////////////////////////////////////////
  // Control that travels along diagonals  //
  ///////////////////////////////////////////

  // A step's drain bit goes on where the step has ended: it then says which rows move.
  logic [Diagonals:0] wave_valid, wave_begin;
  logic [Diagonals-1:0] wave_valid_q, wave_begin_q;
  logic [DrainStages-1:0] wave_drain;
  logic [DrainStages-2:0] wave_drain_q;

  assign wave_valid = {wave_valid_q, feed_valid_i};
  assign wave_begin = {wave_begin_q, feed_begin_i};
  assign wave_drain = {wave_drain_q, feed_valid_i & feed_drain_i};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      wave_valid_q <= '0;
      wave_begin_q <= '0;
      wave_drain_q <= '0;
    end else begin
      wave_valid_q <= wave_valid[Diagonals-1:0];
      wave_begin_q <= wave_begin[Diagonals-1:0];
      wave_drain_q <= wave_drain[DrainStages-2:0];
    end
  end

  logic unused_ends;
  assign unused_ends = ^{wave_valid[Diagonals], wave_begin[Diagonals]};

  assign wave_moving_o = (|wave_valid[Diagonals-1:0]) | (|wave_drain);

  /////////////
  // The PEs //
  /////////////

  logic valid[tpu_pkg::padded(Diagonals)];
  logic first[tpu_pkg::padded(Diagonals)];
  logic copy[tpu_pkg::padded(Diagonals)];
  logic move[tpu_pkg::padded(Rows*Columns)];
  tpu_pkg::operand_t west[tpu_pkg::padded(Columns)];
  tpu_pkg::operand_t north[tpu_pkg::padded(Columns)];
  tpu_pkg::sum_t above[tpu_pkg::padded(Columns)];
  logic [Columns*SumBits-1:0] sums_d, sums_q;

  // See tpu_array for why the assignments are blocking, from the last row to the first, and why
  // choices are written with masks.
  always_ff @(posedge clk_i) begin : pe_array
    int unsigned d, k, c;
    d = 0;
    k = 0;
    c = 0;

    if (wave_moving_o) begin
      for (d = 0; d < Diagonals; d++) begin
        valid[d] = wave_valid[d];
        first[d] = wave_valid[d] & wave_begin[d];
        copy[d]  = wave_drain[d];
      end
      // PE (r, c) moves in the r cycles after its column's last PE got its copy.
      for (c = 0; c < Columns; c++) begin
        move[c] = 1'b0;
      end
      for (k = 1; k < Rows; k++) begin
        for (c = 0; c < Columns; c++) begin
          move[k*Columns+c] = move[(k-1)*Columns+c] | wave_drain[Rows+c+k-1];
        end
      end

      for (c = 0; c < Columns; c++) begin
        sums_d[c*SumBits+:SumBits] = drain_q[(Rows-1)*Columns+c];
      end
      sums_q <= sums_d;

      for (k = 1; k <= Rows; k++) begin  // row r = Rows - k
        west[0] = feed_data_i[(Rows-k)*OperandBits+:OperandBits];
        for (c = 1; c < Columns; c++) begin
          west[c] = act_q[(Rows-k)*Columns+c-1];
        end
        for (c = 0; c < Columns; c++) begin
          north[c] = (k == Rows) ? weight_data_i[c*OperandBits+:OperandBits] :
              weight_q[(Rows-k-1)*Columns+c];
          above[c] = (k == Rows) ? '0 : drain_q[(Rows-k-1)*Columns+c];
        end
        // PE (r, c): multiply, add or begin, and pass on; hold without a step. Then copy or move.
        for (c = 0; c < Columns; c++) begin
          psum_q[(Rows-k)*Columns+c] =
              (((psum_q[(Rows-k)*Columns+c] & ~{SumBits{first[Rows-k+c]}}) +
                SumBits'(west[c]) * SumBits'(north[c])) & {SumBits{valid[Rows-k+c]}}) |
              (psum_q[(Rows-k)*Columns+c] & ~{SumBits{valid[Rows-k+c]}});
          act_q[(Rows-k)*Columns+c] =
              (west[c] & {OperandBits{valid[Rows-k+c]}}) |
              (act_q[(Rows-k)*Columns+c] & ~{OperandBits{valid[Rows-k+c]}});
          weight_q[(Rows-k)*Columns+c] =
              (north[c] & {OperandBits{valid[Rows-k+c]}}) |
              (weight_q[(Rows-k)*Columns+c] & ~{OperandBits{valid[Rows-k+c]}});
          drain_q[(Rows-k)*Columns+c] =
              (psum_q[(Rows-k)*Columns+c] & {SumBits{copy[Rows-k+c]}}) |
              (above[c] & {SumBits{move[(Rows-k)*Columns+c] & ~copy[Rows-k+c]}}) |
              (drain_q[(Rows-k)*Columns+c] &
               ~{SumBits{move[(Rows-k)*Columns+c] | copy[Rows-k+c]}});
        end
      end
    end
  end

  assign sums_o = sums_q;

endmodule
