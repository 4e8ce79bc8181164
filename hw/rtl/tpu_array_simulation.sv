// SPDX-License-Identifier: Apache-2.0
// The PEs of tpu_array as a simulator likes them: the same registers, updated in loops over arrays.
// For simulation only; tests/hw/rtl proves it equal to the array of tpu_pe.
//
// Blocking assignments, rows from the last to the first: each PE reads what its neighbours above
// and to the left held before the edge, as with non-blocking ones (which Verilator 5.006 cannot
// make to array elements in a loop). Two more concessions to speed: choices are written with
// masks, not with conditions, and the loops share their variables; then a C++ compiler vectorises
// them.

module tpu_array_simulation #(
  parameter int unsigned Rows        = 4,
  parameter int unsigned Columns     = 4,
  parameter int unsigned Operation   = tpu_pkg::PeMultiply,
  parameter int unsigned OperandBits = 8,
  parameter int unsigned WeightBits  = 8,
  parameter int unsigned SumBits     = 32,

  localparam int unsigned RowBits   = tpu_pkg::index_bits(Rows),
  localparam int unsigned Diagonals = Rows + Columns - 1
) (
  input logic clk_i,

  // As in tpu_array.
  input logic                          load_moving_i,
  input logic [           Columns-1:0] load_valid_i,
  input logic [           RowBits-1:0] weight_row_i,
  input logic [           Columns-1:0] weight_mask_i,
  input logic [Columns*WeightBits-1:0] weight_data_i,

  input  logic                        wave_moving_i,
  input  logic [         Diagonals:0] wave_valid_i,
  input  logic [       Diagonals-1:0] wave_swap_i,
  input  logic [            Rows-1:0] feed_mask_i,
  input  logic [Rows*OperandBits-1:0] feed_data_i,
  output logic [ Columns*SumBits-1:0] sums_o
);

  localparam bit Multiplies = Operation == tpu_pkg::PeMultiply;
  localparam bit Floats = Operation == tpu_pkg::PeFloatMultiply;
  localparam bit Negates = Operation == tpu_pkg::PeNegate;
  localparam bit Agrees = Operation == tpu_pkg::PeXnorPopcount;
  localparam bit Selects = Operation == tpu_pkg::PeSelectMultiply;
  // Of a group of activations, and of a weight with its index.
  localparam int unsigned ValueBits = Selects ? OperandBits / tpu_pkg::GroupValues : OperandBits;
  localparam int unsigned KeptBits = Selects ? WeightBits - tpu_pkg::IndexBits : WeightBits;
  localparam int unsigned AddendBits = (Multiplies || Selects) ? ValueBits + KeptBits :
      tpu_pkg::difference_bits(OperandBits, WeightBits);
  // Addends are kept with their sign flipped: subtracting it extends them in fewer instructions
  // than copying it.
  localparam logic [AddendBits-1:0] Sign = {1'b1, {(AddendBits - 1) {1'b0}}};
  localparam int unsigned Pes = tpu_pkg::padded(Rows * Columns);

  // PE (r, c) is at r * Columns + c, sums one row later: row 0 is what comes in from the north.
  // An operand's mask is the bit above it.
  logic [WeightBits:0] active_q[Pes]  /*verilator public_flat_rw*/;
  logic [WeightBits:0] shadow_q[Pes]  /*verilator public_flat_rw*/;
  logic [OperandBits:0] act_q[Pes]  /*verilator public_flat_rw*/;
  logic signed [SumBits-1:0] sum_q[tpu_pkg::padded((Rows+1)*Columns)]  /*verilator public_flat_rw*/;

  // The wave's valid bit, as wide as what it selects; the operands and addends of a row of PEs.
  logic [OperandBits:0] act_moves[tpu_pkg::padded(Diagonals)];
  logic [SumBits-1:0] sum_moves[tpu_pkg::padded(Diagonals)];
  logic [OperandBits:0] west[tpu_pkg::padded(Columns)];
  logic [AddendBits-1:0] addend[tpu_pkg::padded(Columns)];
  logic [RowBits-1:0] load_row_q[tpu_pkg::padded(Columns+1)];
  logic [Columns*SumBits-1:0] sums_d, sums_q;

  always_ff @(posedge clk_i) begin : pe_array
    int unsigned d, r, c;
    d = 0;
    r = 0;
    c = 0;

    // Without a wave the array holds its state (and takes no time to simulate).
    if (wave_moving_i) begin
      for (d = 0; d < Diagonals; d++) begin
        act_moves[d] = {(OperandBits+1){wave_valid_i[d]}};
        sum_moves[d] = {SumBits{wave_valid_i[d]}};
        // A tile's first wave takes the shadow weights of its diagonal.
        if (wave_valid_i[d] & wave_swap_i[d]) begin
          for (r = (d < Columns) ? 0 : d + 1 - Columns; r < Rows && r <= d; r++) begin
            active_q[r*Columns+d-r] = shadow_q[r*Columns+d-r];
          end
        end
      end

      for (c = 0; c < Columns; c++) begin
        sum_q[c] = '0;
        if (wave_valid_i[Rows+c]) begin
          sums_d[c*SumBits+:SumBits] = sum_q[Rows*Columns+c];
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
              AddendBits'($signed(active_q[(r-1)*Columns+c][WeightBits-1:0])) :
              AddendBits'($signed(west[c][OperandBits-1:0])) -
              AddendBits'($signed(active_q[(r-1)*Columns+c][WeightBits-1:0]));
          if (Agrees) begin
            addend[c] = AddendBits'(tpu_pkg::agreement(
                8'(west[c][OperandBits-1:0]), 8'(active_q[(r-1)*Columns+c][WeightBits-1:0])));
          end else if (Negates) begin
            addend[c] = (AddendBits'($signed(west[c][OperandBits-1:0])) ^
                {AddendBits{active_q[(r-1)*Columns+c][WeightBits-1]}}) +
                AddendBits'(active_q[(r-1)*Columns+c][WeightBits-1]);
          end else if (Selects) begin
            addend[c] = AddendBits'($signed(
                west[c][tpu_pkg::IndexBits'(active_q[(r-1)*Columns+c] >> KeptBits)*ValueBits+:
                    ValueBits])) *
                AddendBits'($signed(active_q[(r-1)*Columns+c][KeptBits-1:0]));
          end else if (!Multiplies) begin
            addend[c] = (addend[c] ^ {AddendBits{~addend[c][AddendBits-1]}}) -
                {AddendBits{~addend[c][AddendBits-1]}};
          end
          addend[c] = (addend[c] &
              {AddendBits{west[c][OperandBits] & active_q[(r-1)*Columns+c][WeightBits]}}) ^ Sign;
        end
        for (c = 0; c < Columns && !Floats; c++) begin
          sum_q[r*Columns+c] =
              ((sum_q[(r-1)*Columns+c] + SumBits'(addend[c]) - SumBits'(Sign)) &
               sum_moves[r-1+c]) |
              (sum_q[r*Columns+c] & ~sum_moves[r-1+c]);
        end
        if (Floats) begin  // nothing that would be vectorised
          for (c = 0; c < Columns; c++) begin
            if (wave_valid_i[r-1+c]) begin
              sum_q[r*Columns+c] = sum_q[(r-1)*Columns+c];
              if (west[c][OperandBits] & active_q[(r-1)*Columns+c][WeightBits]) begin
                sum_q[r*Columns+c] = SumBits'(tpu_pkg::float_add(
                    32'(sum_q[(r-1)*Columns+c]),
                    tpu_pkg::float_multiply(16'(west[c][OperandBits-1:0]),
                                            16'(active_q[(r-1)*Columns+c][WeightBits-1:0]))));
              end
            end
          end
        end
        for (c = 0; c < Columns; c++) begin
          act_q[(r-1)*Columns+c] =
              (west[c] & act_moves[r-1+c]) | (act_q[(r-1)*Columns+c] & ~act_moves[r-1+c]);
        end
      end
    end

    // The next tile's weights, after the PEs: one that swaps in this cycle takes the old shadow.
    // From the last column to the first, so that a row index moves on by one column.
    if (load_moving_i) begin
      load_row_q[0] = weight_row_i;
      for (c = Columns; c > 0; c--) begin
        if (load_valid_i[c-1]) begin
          shadow_q[32'(load_row_q[c-1])*Columns+c-1] =
              {weight_mask_i[c-1], weight_data_i[(c-1)*WeightBits+:WeightBits]};
          load_row_q[c] = load_row_q[c-1];
        end
      end
    end
  end

  assign sums_o = sums_q;

endmodule
