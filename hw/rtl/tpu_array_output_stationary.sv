// SPDX-License-Identifier: Apache-2.0
// The output-stationary array of processing elements (tpu_pe_output_stationary) and the
// control that travels with it: sums stay in the PEs while both operands move.
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

module tpu_array_output_stationary #(
  parameter int unsigned Rows           = 4,
  parameter int unsigned Columns        = 4,
  parameter int unsigned Operation      = tpu_pkg::PeMultiply,
  parameter int unsigned OperandBits    = 8,
  parameter int unsigned WeightBits     = 8,
  parameter int unsigned SumBits        = 32,
  parameter bit          SimulationView = 1'b0  // the PEs as loops
) (
  input logic clk_i,
  input logic rst_ni,

  // A step: one activation per row and one weight per column, already skewed. The masks say which
  // lanes carry an operand.
  input logic                          feed_valid_i,
  input logic                          feed_begin_i,  // sums start at zero
  input logic                          feed_drain_i,  // the product's last step
  input logic [              Rows-1:0] feed_mask_i,
  input logic [  Rows*OperandBits-1:0] feed_data_i,
  input logic [           Columns-1:0] weight_mask_i,
  input logic [Columns*WeightBits-1:0] weight_data_i,

  // Sums to the south, column c delayed by c cycles; one cycle after they left the last row.
  output logic [Columns*SumBits-1:0] sums_o,

  // Something is on its way: a step, or a row of sums until the de-skew has it.
  output logic wave_moving_o
);

  localparam int unsigned Diagonals = Rows + Columns - 1;
  localparam int unsigned DrainStages = Diagonals + Rows;

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

  if (SimulationView) begin : gen_simulation

    tpu_array_output_stationary_simulation #(
      .Rows(Rows),
      .Columns(Columns),
      .Operation(Operation),
      .OperandBits(OperandBits),
      .WeightBits(WeightBits),
      .SumBits(SumBits)
    ) u_pes (
      .clk_i,
      .wave_moving_i(wave_moving_o),
      .wave_valid_i(wave_valid[Diagonals-1:0]),
      .wave_begin_i(wave_begin[Diagonals-1:0]),
      .wave_drain_i(wave_drain),
      .feed_mask_i,
      .feed_data_i,
      .weight_mask_i,
      .weight_data_i,
      .sums_o
    );

  end else begin : gen_hardware

    for (genvar c = 0; c < Columns; c++) begin : gen_column
      for (genvar r = 0; r < Rows; r++) begin : gen_row

        // What comes in from the west and the north, and goes out to the east and the south.
        logic west_mask, east_mask, north_mask, south_mask;
        logic signed [OperandBits-1:0] west, east;
        logic signed [WeightBits-1:0] north, south;
        logic signed [SumBits-1:0] above, below;

        if (c == 0) begin : gen_west
          assign west_mask = feed_mask_i[r];
          assign west      = feed_data_i[r*OperandBits+:OperandBits];
        end else begin : gen_east
          assign west_mask = gen_column[c-1].gen_row[r].east_mask;
          assign west      = gen_column[c-1].gen_row[r].east;
        end

        // A PE moves in the r cycles after its column's last PE got its copy.
        logic move;
        if (r == 0) begin : gen_north
          assign north_mask = weight_mask_i[c];
          assign north      = weight_data_i[c*WeightBits+:WeightBits];
          assign above      = '0;
          assign move       = 1'b0;
        end else begin : gen_south
          assign north_mask = gen_column[c].gen_row[r-1].south_mask;
          assign north      = gen_column[c].gen_row[r-1].south;
          assign above      = gen_column[c].gen_row[r-1].below;
          assign move       = |wave_drain[Rows+c+:r];
        end

        tpu_pe_output_stationary #(
          .Operation(Operation),
          .OperandBits(OperandBits),
          .WeightBits(WeightBits),
          .SumBits(SumBits)
        ) u_pe (
          .clk_i,
          .wave_i(wave_valid[r+c]),
          .begin_i(wave_begin[r+c]),
          .copy_i(wave_drain[r+c]),
          .act_mask_i(west_mask),
          .act_i(west),
          .weight_mask_i(north_mask),
          .weight_i(north),
          .act_mask_o(east_mask),
          .act_o(east),
          .weight_mask_o(south_mask),
          .weight_o(south),
          .move_i(move),
          .drain_i(above),
          .drain_o(below)
        );
      end

      // What leaves the last row, held for the de-skew.
      logic signed [SumBits-1:0] sum_q;
      always_ff @(posedge clk_i) begin
        if (|wave_drain[Rows+c+:Rows]) begin
          sum_q <= gen_row[Rows-1].below;
        end
      end
      assign sums_o[c*SumBits+:SumBits] = sum_q;

      logic unused_south;
      assign unused_south = ^{gen_row[Rows-1].south_mask, gen_row[Rows-1].south};
    end

    for (genvar r = 0; r < Rows; r++) begin : gen_last
      logic unused_east;
      assign unused_east =
          ^{gen_column[Columns-1].gen_row[r].east_mask, gen_column[Columns-1].gen_row[r].east};
    end

  end

endmodule
