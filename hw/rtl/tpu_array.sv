// SPDX-License-Identifier: Apache-2.0
// The weight-stationary array of processing elements (tpu_pe) and the control that travels with it.
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
  parameter int unsigned Rows           = 4,
  parameter int unsigned Columns        = 4,
  parameter int unsigned Operation      = tpu_pkg::PeMultiply,
  parameter int unsigned OperandBits    = 8,
  parameter int unsigned WeightBits     = 8,
  parameter int unsigned SumBits        = 32,
  parameter bit          SimulationView = 1'b0,  // the PEs as loops

  localparam int unsigned RowBits = tpu_pkg::index_bits(Rows)
) (
  input logic clk_i,
  input logic rst_ni,

  // Weights from the north: data and mask with column c delayed by c cycles, the rest as for
  // column 0. The mask says which lanes carry a weight.
  input logic                          weight_valid_i,
  input logic [           RowBits-1:0] weight_row_i,
  input logic [           Columns-1:0] weight_mask_i,
  input logic [Columns*WeightBits-1:0] weight_data_i,

  // Activations from the west: data and mask with row r delayed by r cycles, the rest as for row 0.
  input logic                        feed_valid_i,
  input logic                        feed_swap_i,
  input logic [            Rows-1:0] feed_mask_i,
  input logic [Rows*OperandBits-1:0] feed_data_i,

  // Sums to the south, column c delayed by c cycles; one cycle after they left the last row.
  output logic [Columns*SumBits-1:0] sums_o,

  // Something is on its way: weights to their column, or a row until its last sum has left.
  output logic load_moving_o,
  output logic wave_moving_o
);

  localparam int unsigned Diagonals = Rows + Columns - 1;

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

  if (SimulationView) begin : gen_simulation

    tpu_array_simulation #(
      .Rows(Rows),
      .Columns(Columns),
      .Operation(Operation),
      .OperandBits(OperandBits),
      .WeightBits(WeightBits),
      .SumBits(SumBits)
    ) u_pes (
      .clk_i,
      .load_moving_i(load_moving_o),
      .load_valid_i(load_valid[Columns-1:0]),
      .weight_row_i,
      .weight_mask_i,
      .weight_data_i,
      .wave_moving_i(wave_moving_o),
      .wave_valid_i(wave_valid),
      .wave_swap_i(wave_swap[Diagonals-1:0]),
      .feed_mask_i,
      .feed_data_i,
      .sums_o
    );

  end else begin : gen_hardware

    for (genvar c = 0; c < Columns; c++) begin : gen_column

      // The row that a weight is meant for travels along the columns with it.
      logic [RowBits-1:0] load_row, load_row_q;
      always_ff @(posedge clk_i) begin
        if (load_valid[c]) begin
          load_row_q <= load_row;
        end
      end

      for (genvar r = 0; r < Rows; r++) begin : gen_row

        // What comes in from the west and the north, and goes out to the east and the south.
        logic west_mask, east_mask;
        logic signed [OperandBits-1:0] west, east;
        logic signed [SumBits-1:0] north, south;

        if (c == 0) begin : gen_west
          assign west_mask = feed_mask_i[r];
          assign west      = feed_data_i[r*OperandBits+:OperandBits];
        end else begin : gen_east
          assign west_mask = gen_column[c-1].gen_row[r].east_mask;
          assign west      = gen_column[c-1].gen_row[r].east;
        end
        if (r == 0) begin : gen_north
          assign north = '0;
        end else begin : gen_south
          assign north = gen_column[c].gen_row[r-1].south;
        end

        tpu_pe #(
          .Operation(Operation),
          .OperandBits(OperandBits),
          .WeightBits(WeightBits),
          .SumBits(SumBits)
        ) u_pe (
          .clk_i,
          .load_i(load_valid[c] && load_row == RowBits'(r)),
          .weight_mask_i(weight_mask_i[c]),
          .weight_i(weight_data_i[c*WeightBits+:WeightBits]),
          .wave_i(wave_valid[r+c]),
          .swap_i(wave_swap[r+c]),
          .act_mask_i(west_mask),
          .act_i(west),
          .sum_i(north),
          .act_mask_o(east_mask),
          .act_o(east),
          .sum_o(south)
        );
      end

      if (c == 0) begin : gen_first
        assign load_row = weight_row_i;
      end else begin : gen_other
        assign load_row = gen_column[c-1].load_row_q;
      end

      // What leaves the last row, held for the de-skew.
      logic signed [SumBits-1:0] sum_q;
      always_ff @(posedge clk_i) begin
        if (wave_valid[Rows+c]) begin
          sum_q <= gen_row[Rows-1].south;
        end
      end
      assign sums_o[c*SumBits+:SumBits] = sum_q;

    end

    for (genvar r = 0; r < Rows; r++) begin : gen_last
      logic unused_east;
      assign unused_east =
          ^{gen_column[Columns-1].gen_row[r].east_mask, gen_column[Columns-1].gen_row[r].east};
    end
    logic unused_load_row;
    assign unused_load_row = ^gen_column[Columns-1].load_row_q;

  end

endmodule
