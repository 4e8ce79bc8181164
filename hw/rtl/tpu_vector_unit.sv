// SPDX-License-Identifier: Apache-2.0
// The vector unit: in each cycle a value of `a` and one of `b` for each lane, a place of a window.
//   value  = operation(a - a_zero_point, b - b_zero_point)
//   joined = sum or maximum of the window's values
//   biased = saturate_int32(joined + bias)
//   result = clamp(((biased * multiplier + 2^(shift-1)) >> shift) + zero_point, minimum, maximum)
// and, with a table, the entry of result + 128. Bias, multiplier and shift are the lane's, or the
// window's without a bias. hw/TIMING.md says when each result is visible. The unit has no
// back-pressure: whoever drives the pins knows the timing.

module tpu_vector_unit #(
  parameter int unsigned Lanes          = 16,
  parameter bit          SimulationView = 1'b0  // the lanes as loops, for a simulator
) (
  input logic clk_i,
  input logic rst_ni,

  // `Lanes` entries of the look-up table; those past its end are ignored.
  input logic                                  table_valid_i,
  input logic [tpu_pkg::PinAddressBits-1:0]    table_row_i,
  input logic [Lanes*tpu_pkg::OperandBits-1:0] table_data_i,

  // One byte plane of the lanes' parameters.
  input logic                                  channel_valid_i,
  input logic [tpu_pkg::PlaneBits-1:0]         channel_plane_i,
  input logic [Lanes*tpu_pkg::OperandBits-1:0] channel_data_i,

  // A place of a window. What follows the join belongs to its last place.
  input logic                                  operand_valid_i,
  input logic                                  operand_first_i,
  input logic                                  operand_last_i,
  input logic [tpu_pkg::LaneOperationBits-1:0] operand_operation_i,
  input logic                                  operand_join_i,  // the maximum, not the sum
  input logic [Lanes*tpu_pkg::LaneBits-1:0]    operand_a_i,
  input logic [Lanes*tpu_pkg::LaneBits-1:0]    operand_b_i,
  input logic signed [tpu_pkg::LaneBits-1:0]   operand_a_zero_point_i,
  input logic signed [tpu_pkg::LaneBits-1:0]   operand_b_zero_point_i,
  input logic signed [tpu_pkg::FactorBits-1:0] operand_a_multiplier_i,
  input logic signed [tpu_pkg::FactorBits-1:0] operand_b_multiplier_i,
  input logic                                  operand_channels_i,  // bias, multiplier and shift
  input logic [tpu_pkg::MultiplierBits-1:0]    operand_multiplier_i,
  input logic [tpu_pkg::ShiftBits-1:0]         operand_shift_i,
  input logic signed [tpu_pkg::LaneBits-1:0]   operand_zero_point_i,
  input logic signed [tpu_pkg::LaneBits-1:0]   operand_minimum_i,
  input logic signed [tpu_pkg::LaneBits-1:0]   operand_maximum_i,
  input logic                                  operand_table_i,

  // A row of results, seven cycles after the last place; the data hold until the next row.
  output logic                               result_valid_o,
  output logic [Lanes*tpu_pkg::LaneBits-1:0] result_data_o
);

  ///////////////////////////////////////////
  // Which stages hold a place or a window //
  ///////////////////////////////////////////

  typedef enum logic [2:0] {
    StageMultiply = 3'd0,
    StageJoin     = 3'd1,
    StageBias     = 3'd2,
    StageScale    = 3'd3,
    StageRound    = 3'd4,
    StageTable    = 3'd5
  } stage_e;

  tpu_pkg::place_t operand_place, multiply_place_q, join_place_q;
  tpu_pkg::window_t operand_window, multiply_window_q, join_window_q;
  tpu_pkg::window_t bias_window_q, scale_window_q, round_window_q;
  logic table_use_q;

  assign operand_place = {
    operand_first_i,
    operand_last_i,
    operand_operation_i,
    operand_join_i,
    operand_a_multiplier_i,
    operand_b_multiplier_i
  };
  assign operand_window = {
    operand_channels_i,
    operand_multiplier_i,
    operand_shift_i,
    operand_zero_point_i,
    operand_minimum_i,
    operand_maximum_i,
    operand_table_i
  };

  // A window is complete with its last place.
  logic [5:0] valid_q;
  logic window_complete, result_valid_q;
  assign window_complete = valid_q[StageJoin] && join_place_q.last;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q        <= '0;
      result_valid_q <= 1'b0;
    end else begin
      valid_q        <= {valid_q[StageRound:StageBias], window_complete, valid_q[StageMultiply],
                         operand_valid_i};
      result_valid_q <= valid_q[StageTable];
    end
  end

  always_ff @(posedge clk_i) begin
    if (operand_valid_i) begin
      multiply_place_q  <= operand_place;
      multiply_window_q <= operand_window;
    end
    if (valid_q[StageMultiply]) begin
      join_place_q  <= multiply_place_q;
      join_window_q <= multiply_window_q;
    end
    if (window_complete) begin
      bias_window_q <= join_window_q;
    end
    if (valid_q[StageBias]) begin
      scale_window_q <= bias_window_q;
    end
    if (valid_q[StageScale]) begin
      round_window_q <= scale_window_q;
    end
    if (valid_q[StageRound]) begin
      table_use_q <= round_window_q.use_table;
    end
  end

  ///////////////
  // The lanes //
  ///////////////

  if (Lanes == 0) begin : gen_no_lanes

    $fatal(1, "tpu_vector_unit: Lanes must be at least 1");

  end else if (SimulationView) begin : gen_simulation

    tpu_vector_simulation #(
      .Lanes(Lanes)
    ) u_lanes (
      .clk_i,
      .table_valid_i,
      .table_row_i,
      .table_data_i,
      .channel_valid_i,
      .channel_plane_i,
      .channel_data_i,
      .operand_valid_i,
      .a_i(operand_a_i),
      .b_i(operand_b_i),
      .a_zero_point_i(operand_a_zero_point_i),
      .b_zero_point_i(operand_b_zero_point_i),
      .valid_i(valid_q),
      .multiply_place_i(multiply_place_q),
      .join_place_i(join_place_q),
      .bias_window_i(bias_window_q),
      .scale_window_i(scale_window_q),
      .round_window_i(round_window_q),
      .table_use_i(table_use_q),
      .result_data_o
    );

  end else begin : gen_hardware

    localparam int unsigned OperandBits = tpu_pkg::OperandBits;
    localparam int unsigned LaneBits = tpu_pkg::LaneBits;
    localparam int unsigned SumBits = tpu_pkg::SumBits;
    localparam int unsigned MultiplierBits = tpu_pkg::MultiplierBits;
    localparam int unsigned ShiftBits = tpu_pkg::ShiftBits;

    // Of each lane.
    logic [Lanes*SumBits-1:0] bias;
    logic [Lanes*MultiplierBits-1:0] multiplier;
    logic [Lanes*ShiftBits-1:0] shift;
    logic [Lanes*OperandBits-1:0] value, entry;

    tpu_lane_parameters #(
      .Lanes(Lanes)
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

    for (genvar i = 0; i < Lanes; i++) begin : gen_lane
      tpu_vector_lane u_lane (
        .clk_i,
        .bias_i(bias[i*SumBits+:SumBits]),
        .multiplier_i(multiplier[i*MultiplierBits+:MultiplierBits]),
        .shift_i(shift[i*ShiftBits+:ShiftBits]),
        .operand_valid_i,
        .multiply_valid_i(valid_q[StageMultiply]),
        .join_valid_i(valid_q[StageJoin]),
        .bias_valid_i(valid_q[StageBias]),
        .scale_valid_i(valid_q[StageScale]),
        .round_valid_i(valid_q[StageRound]),
        .table_valid_i(valid_q[StageTable]),
        .multiply_place_i(multiply_place_q),
        .join_place_i(join_place_q),
        .bias_window_i(bias_window_q),
        .scale_window_i(scale_window_q),
        .round_window_i(round_window_q),
        .table_use_i(table_use_q),
        .a_i(operand_a_i[i*LaneBits+:LaneBits]),
        .b_i(operand_b_i[i*LaneBits+:LaneBits]),
        .a_zero_point_i(operand_a_zero_point_i),
        .b_zero_point_i(operand_b_zero_point_i),
        .value_o(value[i*OperandBits+:OperandBits]),
        .entry_i(entry[i*OperandBits+:OperandBits]),
        .result_o(result_data_o[i*LaneBits+:LaneBits])
      );
    end

  end

  assign result_valid_o = result_valid_q;

  ////////////////
  // Assertions //
  ////////////////

`ifndef SYNTHESIS
  // Between a window's first place and its last.
  logic open_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      open_q <= 1'b0;
    end else if (operand_valid_i) begin
      open_q <= !operand_last_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      OperationExists: assert (!operand_valid_i || operand_operation_i <= tpu_pkg::LaneMinimum)
      else $error("operation %0d", operand_operation_i);
      WindowHasAFirstPlace: assert (!operand_valid_i || operand_first_i || open_q)
      else $error("a place of a window that has no first");
      WindowHasALastPlace: assert (!operand_valid_i || !operand_first_i || !open_q)
      else $error("the first place of a window before the last of the one before it");
      ChannelPlaneExists: assert (!channel_valid_i ||
                                  32'(channel_plane_i) < tpu_pkg::ChannelPlanes)
      else $error("channel plane %0d of %0d", channel_plane_i, tpu_pkg::ChannelPlanes);
      ClampIsARange: assert (!operand_valid_i || operand_minimum_i <= operand_maximum_i)
      else $error("operand clamps to [%0d, %0d]", operand_minimum_i, operand_maximum_i);
      TableHasTheValue: assert (!operand_valid_i || !operand_table_i ||
                                (operand_minimum_i >= -128 && operand_maximum_i <= 127))
      else $error("operand looks up [%0d, %0d]", operand_minimum_i, operand_maximum_i);
    end
  end
`endif

endmodule
