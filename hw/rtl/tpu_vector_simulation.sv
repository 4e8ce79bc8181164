// SPDX-License-Identifier: Apache-2.0
// The lanes of tpu_vector_unit as a simulator likes them, for simulation only: parameters, table
// and data path in loops. See tpu_array_simulation for why the assignments are blocking.

module tpu_vector_simulation #(
  parameter int unsigned Lanes = 4
) (
  input logic clk_i,

  // As in tpu_vector_unit and its lanes.
  input logic                                  table_valid_i,
  input logic [tpu_pkg::PinAddressBits-1:0]    table_row_i,
  input logic [Lanes*tpu_pkg::OperandBits-1:0] table_data_i,

  input logic                                  channel_valid_i,
  input logic [tpu_pkg::PlaneBits-1:0]         channel_plane_i,
  input logic [Lanes*tpu_pkg::OperandBits-1:0] channel_data_i,

  input  logic                               operand_valid_i,
  input  logic [Lanes*tpu_pkg::LaneBits-1:0] a_i,
  input  logic [Lanes*tpu_pkg::LaneBits-1:0] b_i,
  input  tpu_pkg::lane_t                     a_zero_point_i,
  input  tpu_pkg::lane_t                     b_zero_point_i,
  input  logic [5:0]                         valid_i,
  input  tpu_pkg::place_t                    multiply_place_i,
  input  tpu_pkg::place_t                    join_place_i,
  input  tpu_pkg::window_t                   bias_window_i,
  input  tpu_pkg::window_t                   scale_window_i,
  input  tpu_pkg::window_t                   round_window_i,
  input  logic                               table_use_i,
  output logic [Lanes*tpu_pkg::LaneBits-1:0] result_data_o
);

  localparam int unsigned OperandBits = tpu_pkg::OperandBits;
  localparam int unsigned LaneBits = tpu_pkg::LaneBits;
  localparam int unsigned Entries = tpu_pkg::TableEntries;
  localparam int unsigned EntryBits = $clog2(Entries);
  localparam int unsigned Planes = tpu_pkg::ChannelPlanes;
  localparam int unsigned Padded = tpu_pkg::padded(Lanes);

  localparam int unsigned StageMultiply = 0;
  localparam int unsigned StageJoin = 1;
  localparam int unsigned StageBias = 2;
  localparam int unsigned StageScale = 3;
  localparam int unsigned StageRound = 4;
  localparam int unsigned StageTable = 5;

  // Plane p of lane i is at p * Padded + i. All of these are private to `data_path`; see
  // tpu_array_simulation for why its assignments are blocking.
  logic [OperandBits-1:0] plane_q[tpu_pkg::padded(Planes)*Padded];
  tpu_pkg::operand_t table_q[Entries];
  tpu_pkg::difference_t a_q[Padded], b_q[Padded];
  tpu_pkg::product_t left_q[Padded], right_q[Padded];
  tpu_pkg::joined_t joined_q[Padded];
  tpu_pkg::sum_t biased_q[Padded];
  tpu_pkg::scaled_t scaled_q[Padded];
  tpu_pkg::lane_t value_q[Padded];
  logic [Lanes*LaneBits-1:0] result_d, result_q;

  logic [tpu_pkg::SumBits-1:0] bias;
  logic [tpu_pkg::MultiplierBits-1:0] multiplier;
  logic [tpu_pkg::ShiftBits-1:0] shift;
  tpu_pkg::scaled_t rounded;
  logic [tpu_pkg::PinAddressBits-1:0] entry;

  // Stages from the last to the first, so that each takes what the one before it held.
  always_ff @(posedge clk_i) begin : data_path
    int unsigned i;
    i = 0;

    if (valid_i[StageTable]) begin
      for (i = 0; i < Lanes; i++) begin
        result_d[i*LaneBits+:LaneBits] = table_use_i ?
            LaneBits'(table_q[{~value_q[i][OperandBits-1], value_q[i][OperandBits-2:0]}]) :
            value_q[i];
      end
      result_q <= result_d;
    end

    if (valid_i[StageRound]) begin
      for (i = 0; i < Lanes; i++) begin
        shift = round_window_i.channels ? plane_q[8*Padded+i][tpu_pkg::ShiftBits-1:0] :
            round_window_i.shift;
        rounded = tpu_pkg::round(scaled_q[i], shift) +
            tpu_pkg::ScaledBits'(round_window_i.zero_point);
        value_q[i] = tpu_pkg::clamp_lane(rounded, round_window_i.minimum, round_window_i.maximum);
      end
    end

    if (valid_i[StageScale]) begin
      for (i = 0; i < Lanes; i++) begin
        multiplier = scale_window_i.channels ?
            {plane_q[7*Padded+i][OperandBits-2:0], plane_q[6*Padded+i],
             plane_q[5*Padded+i], plane_q[4*Padded+i]} : scale_window_i.multiplier;
        scaled_q[i] = tpu_pkg::scale(biased_q[i], multiplier);
      end
    end

    if (valid_i[StageBias]) begin
      for (i = 0; i < Lanes; i++) begin
        bias = bias_window_i.channels ?
            {plane_q[3*Padded+i], plane_q[2*Padded+i], plane_q[1*Padded+i], plane_q[i]} : '0;
        biased_q[i] = tpu_pkg::saturate(joined_q[i], bias);
      end
    end

    if (valid_i[StageJoin]) begin
      for (i = 0; i < Lanes; i++) begin
        joined_q[i] = tpu_pkg::join_place(join_place_i.first, join_place_i.join_maximum,
            joined_q[i], tpu_pkg::operate(join_place_i.operation, left_q[i], right_q[i]));
      end
    end

    if (valid_i[StageMultiply]) begin
      for (i = 0; i < Lanes; i++) begin
        left_q[i] = tpu_pkg::multiply(a_q[i], tpu_pkg::left_factor(
            multiply_place_i.operation, b_q[i], multiply_place_i.a_multiplier));
        right_q[i] = tpu_pkg::multiply(b_q[i], multiply_place_i.b_multiplier);
      end
    end

    if (operand_valid_i) begin
      for (i = 0; i < Lanes; i++) begin
        a_q[i] = tpu_pkg::subtract(a_i[i*LaneBits+:LaneBits], a_zero_point_i);
        b_q[i] = tpu_pkg::subtract(b_i[i*LaneBits+:LaneBits], b_zero_point_i);
      end
    end

    // Parameters last: a window uses those that were there before the edge.
    if (channel_valid_i) begin
      for (i = 0; i < Lanes; i++) begin
        plane_q[channel_plane_i*Padded+i] = channel_data_i[i*OperandBits+:OperandBits];
      end
    end
    if (table_valid_i) begin
      for (i = 0; i < Lanes; i++) begin
        entry = table_row_i * Lanes + i;
        if (entry < Entries) begin
          table_q[entry[EntryBits-1:0]] = table_data_i[i*OperandBits+:OperandBits];
        end
      end
    end
  end

  // Each stage takes its own part of the parameters.
  logic unused_parts;
  assign unused_parts = ^{multiply_place_i, join_place_i, bias_window_i, scale_window_i,
                          round_window_i};

  assign result_data_o = result_q;

endmodule
