// SPDX-License-Identifier: Apache-2.0
// The weight-stationary array of processing elements. One PE is the body of the loop in
// `pe_array`; an array of one row and one column is one PE and its output register.
//
// Activations travel right, sums travel down, one PE per cycle, so what enters in one cycle at
// row 0 is a diagonal wave: PE (r, c) sees it r + c cycles later. The wave's valid and swap bits
// are the same for all PEs of a diagonal, which share one register. (A chip with long diagonals
// duplicates these registers to keep the wires short; that changes no cycle.)
//
// Each PE has an active weight, which multiplies, and a shadow weight, which the next tile is
// loaded into meanwhile. The swap bit comes with the first row of a tile and moves the shadow
// weight to the active one as the wave passes, so consecutive tiles need no gap.

module tpu_array #(
  parameter int unsigned Rows    = 4,
  parameter int unsigned Columns = 4,

  localparam int unsigned RowBits = tpu_pkg::index_bits(Rows)
) (
  input logic clk_i,
  input logic rst_ni,

  // Weights from the north: data with column c delayed by c cycles, the rest as for column 0.
  input logic                           weight_valid_i,
  input logic [RowBits-1:0]             weight_row_i,
  input logic [Columns*tpu_pkg::OperandBits-1:0] weight_data_i,

  // Activations from the west: data with row r delayed by r cycles, the rest as for row 0.
  input logic                        feed_valid_i,
  input logic                        feed_swap_i,
  input logic [Rows*tpu_pkg::OperandBits-1:0] feed_data_i,

  // Sums to the south, column c delayed by c cycles; one cycle after they left the last row.
  output logic [Columns*tpu_pkg::SumBits-1:0] sums_o,

  // Something is on its way: weights to their column, or a row until its last sum has left.
  output logic load_moving_o,
  output logic wave_moving_o
);

  localparam int unsigned Diagonals = Rows + Columns - 1;
  localparam int unsigned OperandBits = tpu_pkg::OperandBits;
  localparam int unsigned SumBits = tpu_pkg::SumBits;

  // PE (r, c) is at r * Columns + c. Only `pe_array` writes these, and only it reads them.
  tpu_pkg::operand_t active_q[tpu_pkg::padded(Rows*Columns)]  /*verilator public_flat_rw*/;
  tpu_pkg::operand_t shadow_q[tpu_pkg::padded(Rows*Columns)]  /*verilator public_flat_rw*/;
  tpu_pkg::operand_t act_q[tpu_pkg::padded(Rows*Columns)]  /*verilator public_flat_rw*/;
  tpu_pkg::sum_t psum_q[tpu_pkg::padded(Rows*Columns)]  /*verilator public_flat_rw*/;

  ///////////////////////////////////////////////////
  // Control that travels: along diagonals, columns //
  ///////////////////////////////////////////////////

  logic [Diagonals:0] wave_valid, wave_swap;
  logic [Diagonals-1:0] wave_valid_q, wave_swap_q;
  logic [Columns:0] load_valid;
  logic [Columns-1:0] load_valid_q;

  assign wave_valid = {wave_valid_q, feed_valid_i};
  assign wave_swap  = {wave_swap_q, feed_swap_i};
  assign load_valid = {load_valid_q, weight_valid_i};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      wave_valid_q <= '0;
      wave_swap_q  <= '0;
      load_valid_q <= '0;
    end else begin
      wave_valid_q <= wave_valid[Diagonals-1:0];
      wave_swap_q  <= wave_swap[Diagonals-1:0];
      load_valid_q <= load_valid[Columns-1:0];
    end
  end

  // One position after the last PE: there the wave's last sum moves on.
  assign wave_moving_o = |wave_valid;
  assign load_moving_o = |load_valid[Columns-1:0];

  logic unused_ends;
  assign unused_ends = ^{wave_swap[Diagonals], load_valid[Columns]};

  /////////////
  // The PEs //
  /////////////

  // The wave's bits as this row of PEs sees them, its operands, and the row index of a weight on
  // its way along the columns: private to `pe_array`.
  logic valid[tpu_pkg::padded(Diagonals)];
  logic swap[tpu_pkg::padded(Diagonals)];
  tpu_pkg::operand_t west[tpu_pkg::padded(Columns)];
  tpu_pkg::sum_t north[tpu_pkg::padded(Columns)];
  logic [RowBits-1:0] load_row_q[tpu_pkg::padded(Columns)];
  logic [Columns*SumBits-1:0] sums_d, sums_q;

  // Blocking assignments, rows from the last to the first: each PE reads what its neighbours above
  // and to the left held before the edge, as with non-blocking ones (which Verilator 5.006 cannot
  // make to array elements in a loop). Two more concessions to the speed of simulation, which the
  // generated logic does not show: choices are written with masks, not with conditions, and the
  // loops share their variables; then a C++ compiler vectorises them.
  always_ff @(posedge clk_i) begin : pe_array
    int unsigned d, k, c;
    d = 0;
    k = 0;
    c = 0;

    // Without a wave the array holds its state (and takes no time to simulate).
    if (wave_moving_o) begin
      for (d = 0; d < Diagonals; d++) begin
        valid[d] = wave_valid[d];
        swap[d]  = wave_valid[d] & wave_swap[d];
      end

      for (c = 0; c < Columns; c++) begin
        sums_d[c*SumBits+:SumBits] = psum_q[(Rows-1)*Columns+c];
      end
      sums_q <= sums_d;

      for (k = 1; k <= Rows; k++) begin  // row r = Rows - k
        west[0] = feed_data_i[(Rows-k)*OperandBits+:OperandBits];
        for (c = 1; c < Columns; c++) begin
          west[c] = act_q[(Rows-k)*Columns+c-1];
        end
        for (c = 0; c < Columns; c++) begin
          north[c] = (k == Rows) ? '0 : psum_q[(Rows-k-1)*Columns+c];
        end
        // PE (r, c): swap the weight in, then multiply, add, and pass on; hold without a wave.
        for (c = 0; c < Columns; c++) begin
          active_q[(Rows-k)*Columns+c] =
              (shadow_q[(Rows-k)*Columns+c] & {OperandBits{swap[Rows-k+c]}}) |
              (active_q[(Rows-k)*Columns+c] & ~{OperandBits{swap[Rows-k+c]}});
          psum_q[(Rows-k)*Columns+c] =
              ((north[c] + SumBits'(west[c]) * SumBits'(active_q[(Rows-k)*Columns+c]))
               & {SumBits{valid[Rows-k+c]}}) |
              (psum_q[(Rows-k)*Columns+c] & ~{SumBits{valid[Rows-k+c]}});
          act_q[(Rows-k)*Columns+c] =
              (west[c] & {OperandBits{valid[Rows-k+c]}}) |
              (act_q[(Rows-k)*Columns+c] & ~{OperandBits{valid[Rows-k+c]}});
        end
      end
    end

    // The next tile's weights, after the PEs: one that swaps in this cycle takes the old shadow.
    if (load_moving_o) begin
      load_row_q[0] = weight_row_i;
      for (c = 0; c < Columns; c++) begin
        if (load_valid[c]) begin
          shadow_q[32'(load_row_q[c])*Columns+c] = weight_data_i[c*OperandBits+:OperandBits];
        end
      end
      for (c = Columns - 1; c > 0; c--) begin
        load_row_q[c] = load_row_q[c-1];
      end
    end
  end

  assign sums_o = sums_q;

endmodule
