// SPDX-License-Identifier: Apache-2.0
// From int32 sums to int8 activations, one row per cycle, four stages:
//   biased   = saturate_int32(sum + bias)
//   scaled   = biased * multiplier                                   (exact, 63 bits)
//   value    = clamp(((scaled + 2^(shift-1)) >> shift) + zero_point, minimum, maximum)
//   result   = use_table ? table[value + 128] : value
// Bias, multiplier and shift belong to the column, or to the row if it brings its own; the rest
// belongs to the row. A row to which a residual is added takes two stages more, in which
//   weighed  = (value - sums_zero_point) * sums_multiplier +
//              (residual - residual_zero_point) * residual_multiplier
//   value    = clamp(((weighed + 2^(shift-1)) >> shift) + zero_point, minimum, maximum)
// with the residual's own parameters, and meets the table then.

module tpu_activation #(
  parameter int unsigned Columns        = 4,
  parameter bit          SimulationView = 1'b0  // the columns as loops
) (
  input logic clk_i,
  input logic rst_ni,

  // Column parameters: one of the nine byte planes.
  input logic                                    channel_valid_i,
  input logic [     tpu_pkg::PlaneBits-1:0]      channel_plane_i,
  input logic [Columns*tpu_pkg::OperandBits-1:0] channel_data_i,

  // `Columns` entries of the table; those past its end are ignored.
  input logic                                    table_valid_i,
  input logic [tpu_pkg::PinAddressBits-1:0]      table_row_i,
  input logic [Columns*tpu_pkg::OperandBits-1:0] table_data_i,

  // A row from the accumulators.
  input logic                                row_valid_i,
  input tpu_pkg::activate_t                  row_activate_i,
  input logic [Columns*tpu_pkg::SumBits-1:0] row_sums_i,

  // The row that is added to it, a cycle before: when the accumulators are read.
  input logic                                    residual_valid_i,
  input tpu_pkg::residual_t                      residual_i,
  input logic [Columns*tpu_pkg::OperandBits-1:0] residual_data_i,

  // The row of results, four cycles later, or six with a residual; holds until the next.
  output logic                                    result_valid_o,
  output logic [Columns*tpu_pkg::OperandBits-1:0] result_data_o
);

  ////////////////////////////////
  // Which stages hold a row    //
  ////////////////////////////////

  typedef enum logic [1:0] {
    StageScale = 2'd0,
    StageRound = 2'd1,
    StageTable = 2'd2
  } stage_e;

  logic [2:0] valid_q;
  logic weigh_valid, finish_valid_q, added_valid_q;  // of a row with a residual, from the fourth on
  logic table_valid, result_valid_q;
  assign table_valid = (valid_q[StageTable] && !weigh_valid) || added_valid_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q        <= '0;
      finish_valid_q <= 1'b0;
      added_valid_q  <= 1'b0;
      result_valid_q <= 1'b0;
    end else begin
      valid_q        <= {valid_q[StageRound:StageScale], row_valid_i};
      finish_valid_q <= weigh_valid;
      added_valid_q  <= finish_valid_q;
      result_valid_q <= table_valid;
    end
  end

  // What the rest of the row's way depends on.
  tpu_pkg::activate_t scale_activate_q, round_activate_q;
  tpu_pkg::residual_t weigh_residual, finish_residual_q;
  logic [Columns*tpu_pkg::OperandBits-1:0] weigh_data;
  logic table_use, table_use_q, added_use_q;
  assign table_use = added_valid_q ? added_use_q : table_use_q;

  // The residual waits for the row's requantised values.
  tpu_delay #(
    .Width(tpu_pkg::ResidualBits + Columns * tpu_pkg::OperandBits),
    .Stages(4)
  ) u_residual_delay (
    .clk_i,
    .rst_ni,
    .valid_i(residual_valid_i),
    .data_i({residual_i, residual_data_i}),
    .valid_o(weigh_valid),
    .data_o({weigh_residual, weigh_data})
  );

  always_ff @(posedge clk_i) begin
    if (row_valid_i) begin
      scale_activate_q <= row_activate_i;
    end
    if (valid_q[StageScale]) begin
      round_activate_q <= scale_activate_q;
    end
    if (valid_q[StageRound]) begin
      table_use_q <= round_activate_q.use_table;
    end
    if (weigh_valid) begin
      finish_residual_q <= weigh_residual;
    end
    if (finish_valid_q) begin
      added_use_q <= finish_residual_q.use_table;
    end
  end

  /////////////////
  // The columns //
  /////////////////

  if (SimulationView) begin : gen_simulation

    tpu_activation_simulation #(
      .Columns(Columns)
    ) u_columns (
      .clk_i,
      .channel_valid_i,
      .channel_plane_i,
      .channel_data_i,
      .table_valid_i,
      .table_row_i,
      .table_data_i,
      .row_valid_i,
      .row_sums_i,
      .valid_i(valid_q[StageRound:StageScale]),
      .weigh_valid_i(weigh_valid),
      .finish_valid_i(finish_valid_q),
      .added_valid_i(added_valid_q),
      .lookup_valid_i(table_valid),
      .row_i(row_activate_i),
      .scale_i(scale_activate_q),
      .round_i(round_activate_q),
      .weigh_i(weigh_residual),
      .residual_data_i(weigh_data),
      .finish_i(finish_residual_q),
      .table_use_i(table_use),
      .result_data_o
    );

  end else begin : gen_hardware

    localparam int unsigned OperandBits = tpu_pkg::OperandBits;
    localparam int unsigned SumBits = tpu_pkg::SumBits;
    localparam int unsigned MultiplierBits = tpu_pkg::MultiplierBits;
    localparam int unsigned ShiftBits = tpu_pkg::ShiftBits;

    // Of each column.
    logic [Columns*SumBits-1:0] bias;
    logic [Columns*MultiplierBits-1:0] multiplier;
    logic [Columns*ShiftBits-1:0] shift;
    logic [Columns*OperandBits-1:0] value, entry;

    tpu_lane_parameters #(
      .Lanes(Columns)
    ) u_parameters (
      .clk_i,
      .channel_valid_i,
      .channel_plane_i,
      .channel_data_i,
      .table_valid_i,
      .table_row_i,
      .table_data_i,
      .bias_o(bias),
      .multiplier_o(multiplier),
      .shift_o(shift),
      .value_i(value),
      .entry_o(entry)
    );

    for (genvar c = 0; c < Columns; c++) begin : gen_column
      tpu_activation_lane u_lane (
        .clk_i,
        .bias_i(bias[c*SumBits+:SumBits]),
        .multiplier_i(multiplier[c*MultiplierBits+:MultiplierBits]),
        .shift_i(shift[c*ShiftBits+:ShiftBits]),
        .row_valid_i,
        .scale_valid_i(valid_q[StageScale]),
        .round_valid_i(valid_q[StageRound]),
        .weigh_valid_i(weigh_valid),
        .finish_valid_i(finish_valid_q),
        .added_valid_i(added_valid_q),
        .table_valid_i(table_valid),
        .row_i(row_activate_i),
        .scale_i(scale_activate_q),
        .round_i(round_activate_q),
        .weigh_i(weigh_residual),
        .finish_i(finish_residual_q),
        .table_use_i(table_use),
        .residual_i(weigh_data[c*OperandBits+:OperandBits]),
        .sum_i(row_sums_i[c*SumBits+:SumBits]),
        .value_o(value[c*OperandBits+:OperandBits]),
        .entry_i(entry[c*OperandBits+:OperandBits]),
        .result_o(result_data_o[c*OperandBits+:OperandBits])
      );
    end

  end

  assign result_valid_o = result_valid_q;

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // Rows are as long on their way as they have stages; one without a residual must not catch up
      // with one that has one.
      OneRowMeetsTheTable: assert (!(valid_q[StageTable] && !weigh_valid && added_valid_q))
      else $error("a row two cycles after one with a residual meets the table with it");
    end
  end
`endif

endmodule
