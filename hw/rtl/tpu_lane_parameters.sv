// SPDX-License-Identifier: Apache-2.0
// What a row of lanes keeps for requantisation: each lane's bias, multiplier and shift, which come
// in byte planes, and the look-up table, which all lanes share.

module tpu_lane_parameters #(
  parameter int unsigned Lanes = 4
) (
  input logic clk_i,

  // One of the nine byte planes.
  input logic                                  channel_valid_i,
  input logic [     tpu_pkg::PlaneBits-1:0]    channel_plane_i,
  input logic [Lanes*tpu_pkg::OperandBits-1:0] channel_data_i,

  // `Lanes` entries of the table; those past its end are ignored.
  input logic                                  table_valid_i,
  input logic [tpu_pkg::PinAddressBits-1:0]    table_row_i,
  input logic [Lanes*tpu_pkg::OperandBits-1:0] table_data_i,

  output logic [       Lanes*tpu_pkg::SumBits-1:0] bias_o,
  output logic [Lanes*tpu_pkg::MultiplierBits-1:0] multiplier_o,
  output logic [     Lanes*tpu_pkg::ShiftBits-1:0] shift_o,

  // Each lane's value, and its entry of the table in the same cycle.
  input  logic [Lanes*tpu_pkg::OperandBits-1:0] value_i,
  output logic [Lanes*tpu_pkg::OperandBits-1:0] entry_o
);

  localparam int unsigned OperandBits = tpu_pkg::OperandBits;
  localparam int unsigned SumBits = tpu_pkg::SumBits;
  localparam int unsigned MultiplierBits = tpu_pkg::MultiplierBits;
  localparam int unsigned ShiftBits = tpu_pkg::ShiftBits;
  localparam int unsigned RowBits = Lanes * OperandBits;
  // A row of the table has an entry for each lane; the last may have entries to spare.
  localparam int unsigned TableRows = (tpu_pkg::TableEntries + Lanes - 1) / Lanes;
  localparam int unsigned TableRowBits = tpu_pkg::index_bits(TableRows);

  // The table is a memory of rows: one write, and one read for each lane. The planes are
  // registers, because all of them are read in each cycle.
  logic [RowBits-1:0] table_q[TableRows];
  always_ff @(posedge clk_i) begin
    if (table_valid_i && table_row_i < TableRows) begin
      table_q[table_row_i[TableRowBits-1:0]] <= table_data_i;
    end
  end

  logic [tpu_pkg::ChannelPlanes*RowBits-1:0] planes;
  for (genvar p = 0; p < tpu_pkg::ChannelPlanes; p++) begin : gen_plane
    logic [RowBits-1:0] plane_q;
    always_ff @(posedge clk_i) begin
      if (channel_valid_i && channel_plane_i == p) begin
        plane_q <= channel_data_i;
      end
    end
    assign planes[p*RowBits+:RowBits] = plane_q;
  end

  for (genvar i = 0; i < Lanes; i++) begin : gen_lane

    logic [tpu_pkg::ChannelPlanes*OperandBits-1:0] parameters;
    for (genvar p = 0; p < tpu_pkg::ChannelPlanes; p++) begin : gen_parameter
      assign parameters[p*OperandBits+:OperandBits] = planes[p*RowBits+i*OperandBits+:OperandBits];
    end
    assign bias_o[i*SumBits+:SumBits] = parameters[0+:SumBits];
    assign multiplier_o[i*MultiplierBits+:MultiplierBits] = parameters[SumBits+:MultiplierBits];
    assign shift_o[i*ShiftBits+:ShiftBits] = parameters[2*SumBits+:ShiftBits];
    // A multiplier has 31 bits of its four bytes, a shift six of its one.
    logic unused_parameters;
    assign unused_parameters = ^parameters;

    // The entry of the value v is entry (v + 128) % Lanes of row (v + 128) / Lanes.
    tpu_pkg::operand_t value;
    logic [31:0] entry;
    logic [RowBits-1:0] table_row;
    assign value     = value_i[i*OperandBits+:OperandBits];
    assign entry     = {24'b0, ~value[OperandBits-1], value[OperandBits-2:0]};
    assign table_row = table_q[TableRowBits'(entry/Lanes)];
    assign entry_o[i*OperandBits+:OperandBits] = table_row[(entry%Lanes)*OperandBits+:OperandBits];

  end

endmodule
