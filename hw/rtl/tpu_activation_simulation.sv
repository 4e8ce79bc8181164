// SPDX-License-Identifier: Apache-2.0
// The columns of tpu_activation as a simulator likes them, for simulation only: parameters, table
// and data path in loops. See tpu_array_simulation for why the assignments are blocking.

module tpu_activation_simulation #(
  parameter int unsigned Columns = 4
) (
  input logic clk_i,

  // As in tpu_activation and its lanes.
  input logic                                    channel_valid_i,
  input logic [     tpu_pkg::PlaneBits-1:0]      channel_plane_i,
  input logic [Columns*tpu_pkg::OperandBits-1:0] channel_data_i,

  input logic                                    table_valid_i,
  input logic [tpu_pkg::PinAddressBits-1:0]      table_row_i,
  input logic [Columns*tpu_pkg::OperandBits-1:0] table_data_i,

  input  logic                                    row_valid_i,
  input  logic [    Columns*tpu_pkg::SumBits-1:0] row_sums_i,
  input  logic [                             1:0] valid_i,
  input  logic                                    weigh_valid_i,
  input  logic                                    finish_valid_i,
  input  logic                                    added_valid_i,
  input  logic                                    lookup_valid_i,
  input  tpu_pkg::activate_t                      row_i,
  input  tpu_pkg::activate_t                      scale_i,
  input  tpu_pkg::activate_t                      round_i,
  input  tpu_pkg::residual_t                      weigh_i,
  input  logic [Columns*tpu_pkg::OperandBits-1:0] residual_data_i,
  input  tpu_pkg::residual_t                      finish_i,
  input  logic                                    table_use_i,
  output logic [Columns*tpu_pkg::OperandBits-1:0] result_data_o
);

  localparam int unsigned OperandBits = tpu_pkg::OperandBits;
  localparam int unsigned SumBits = tpu_pkg::SumBits;
  localparam int unsigned ScaledBits = tpu_pkg::ScaledBits;
  localparam int unsigned Entries = tpu_pkg::TableEntries;
  localparam int unsigned EntryBits = $clog2(Entries);
  localparam int unsigned Planes = tpu_pkg::ChannelPlanes;
  localparam int unsigned Lanes = tpu_pkg::padded(Columns);

  localparam int unsigned StageScale = 0;
  localparam int unsigned StageRound = 1;

  // Plane p of column c is at p * Lanes + c. All of these are private to
  // `data_path`; see tpu_array_simulation for why its assignments are blocking.
  logic [OperandBits-1:0] plane_q[tpu_pkg::padded(Planes)*Lanes];
  tpu_pkg::operand_t table_q[Entries];
  tpu_pkg::sum_t biased_q[Lanes];
  tpu_pkg::scaled_t scaled_q[Lanes];
  tpu_pkg::operand_t value_q[Lanes];
  tpu_pkg::sum_t weighed_q[Lanes];
  tpu_pkg::operand_t added_q[Lanes];
  logic [Columns*OperandBits-1:0] result_d, result_q;

  logic [SumBits-1:0] bias;
  logic [tpu_pkg::MultiplierBits-1:0] multiplier;
  logic [tpu_pkg::ShiftBits-1:0] shift;
  tpu_pkg::scaled_t rounded;
  tpu_pkg::operand_t looked_up;
  logic [tpu_pkg::PinAddressBits-1:0] entry;

  // Stages from the last to the first, so that each takes what the one before it held.
  always_ff @(posedge clk_i) begin : data_path
    int unsigned c;
    c = 0;

    if (lookup_valid_i) begin
      for (c = 0; c < Columns; c++) begin
        looked_up = added_valid_i ? added_q[c] : value_q[c];
        result_d[c*OperandBits+:OperandBits] = table_use_i ?
            table_q[{~looked_up[OperandBits-1], looked_up[OperandBits-2:0]}] : looked_up;
      end
      result_q <= result_d;
    end

    if (finish_valid_i) begin
      for (c = 0; c < Columns; c++) begin
        rounded = tpu_pkg::round(ScaledBits'(weighed_q[c]), finish_i.shift) +
            ScaledBits'(finish_i.zero_point);
        added_q[c] = tpu_pkg::clamp(rounded, finish_i.minimum, finish_i.maximum);
      end
    end

    if (weigh_valid_i) begin
      for (c = 0; c < Columns; c++) begin
        weighed_q[c] =
            tpu_pkg::weigh(value_q[c], weigh_i.sums_zero_point, weigh_i.sums_multiplier) +
            tpu_pkg::weigh(residual_data_i[c*OperandBits+:OperandBits],
                           weigh_i.residual_zero_point, weigh_i.residual_multiplier);
      end
    end

    if (valid_i[StageRound]) begin
      for (c = 0; c < Columns; c++) begin
        shift = round_i.own ? round_i.shift : plane_q[8*Lanes+c][tpu_pkg::ShiftBits-1:0];
        rounded = tpu_pkg::round(scaled_q[c], shift) + ScaledBits'(round_i.zero_point);
        value_q[c] = tpu_pkg::clamp(rounded, round_i.minimum, round_i.maximum);
      end
    end

    if (valid_i[StageScale]) begin
      for (c = 0; c < Columns; c++) begin
        multiplier = scale_i.own ? scale_i.multiplier :
            {plane_q[7*Lanes+c][OperandBits-2:0], plane_q[6*Lanes+c],
             plane_q[5*Lanes+c], plane_q[4*Lanes+c]};
        scaled_q[c] = tpu_pkg::scale(biased_q[c], multiplier);
      end
    end

    if (row_valid_i) begin
      for (c = 0; c < Columns; c++) begin
        bias = row_i.own ? row_i.bias :
            {plane_q[3*Lanes+c], plane_q[2*Lanes+c], plane_q[1*Lanes+c], plane_q[c]};
        biased_q[c] = tpu_pkg::add_bias(row_sums_i[c*SumBits+:SumBits], bias);
      end
    end

    // Parameters last: a row uses those that were there before the edge.
    if (channel_valid_i) begin
      for (c = 0; c < Columns; c++) begin
        plane_q[channel_plane_i*Lanes+c] = channel_data_i[c*OperandBits+:OperandBits];
      end
    end
    if (table_valid_i) begin
      for (c = 0; c < Columns; c++) begin
        entry = table_row_i * Columns + c;
        if (entry < Entries) begin
          table_q[entry[EntryBits-1:0]] = table_data_i[c*OperandBits+:OperandBits];
        end
      end
    end
  end

  // Each stage takes its own part of the row's parameters.
  logic unused_parts;
  assign unused_parts = ^{row_i, scale_i, round_i, weigh_i, finish_i};

  assign result_data_o = result_q;

endmodule
