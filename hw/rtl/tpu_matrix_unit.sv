// SPDX-License-Identifier: Apache-2.0
// The matrix unit: skew, array, de-skew, accumulators and activation path. hw/TIMING.md says when
// each result is visible. The unit has no back-pressure: whoever drives the pins knows the timing.
// With `OutputStationary` the array is output-stationary; all around it is the same.
//
//   weight_* ──▶ skew ──▶ ┌───────┐
//                         │ array │ ──▶ de-skew ──▶ accumulators ──▶ activation ──▶ result_*
//   feed_*   ──▶ skew ──▶ └───────┘                      ▲               ▲
//                                                   activate_*     channel_*, table_*, residual_*

module tpu_matrix_unit #(
  parameter int unsigned Rows             = 16,  // PE rows: depth of a weight tile
  parameter int unsigned Columns          = 16,  // PE columns: width of a weight tile
  parameter int unsigned AccumulatorRows  = 512,  // rows of `Columns` sums
  parameter bit          OutputStationary = 1'b0,  // weight-stationary without
  parameter int unsigned Operation        = tpu_pkg::PeMultiply,  // of a PE, and the bits of its
  parameter int unsigned OperandBits      = 8,  //   activation, its weight and its sum: a PeType of
  parameter int unsigned WeightBits       = 8,  //   hw/isa/pe_type.h; weights come in lanes of
                                                //   PinBits, of which those bits are kept
  parameter int unsigned SumBits          = 32,
  parameter bit          SimulationView   = 1'b0,  // columns and lanes as loops, for a simulator

  // Results are bytes, or have room for fp32.
  localparam bit          Floats     = Operation == tpu_pkg::PeFloatMultiply,
  localparam int unsigned ResultBits = Floats ? SumBits : tpu_pkg::OperandBits,
  // Two of four: a row's lane has as many activations as there are in a group for each of the rows
  // that share it.
  localparam bit          Selects  = Operation == tpu_pkg::PeSelectMultiply,
  localparam int unsigned PinBits  = Selects ?
      OperandBits * tpu_pkg::GroupValues / tpu_pkg::GroupRows : OperandBits
) (
  input logic clk_i,
  input logic rst_ni,

  // A row of the next weight tile, to the shadow registers. With sums in place: the weights of the
  // step that is fed in the same cycle. Lanes whose mask bit is low carry no weight.
  input logic                                    weight_valid_i,
  input logic [tpu_pkg::PinAddressBits-1:0]      weight_row_i,
  input logic [                    Columns-1:0] weight_mask_i,
  input logic [          Columns*PinBits-1:0] weight_data_i,

  // A row of activations; the first of a tile swaps the shadow weights in. With sums in place: one
  // step of a product, an activation for each PE row. Lanes whose mask bit is low carry none.
  input logic                                 feed_valid_i,
  input logic                                 feed_swap_i,
  input logic                                 feed_add_i,      // or overwrite the accumulators
  input logic [tpu_pkg::PinAddressBits-1:0]   feed_address_i,  // accumulator row
  input logic [                       Rows-1:0] feed_mask_i,
  input logic [              Rows*PinBits-1:0] feed_data_i,

  // Sums in place only: the first and the last step of a product; and, from the cycle of the last
  // step on, the accumulator row of each row of sums, the last PE row's first.
  input logic                               feed_begin_i,
  input logic                               feed_drain_i,
  input logic                               drain_valid_i,
  input logic [tpu_pkg::PinAddressBits-1:0] drain_address_i,

  // One byte plane of the column parameters.
  input logic                                    channel_valid_i,
  input logic [     tpu_pkg::PlaneBits-1:0]      channel_plane_i,
  input logic [Columns*tpu_pkg::OperandBits-1:0] channel_data_i,

  // `Columns` entries of the look-up table.
  input logic                                    table_valid_i,
  input logic [tpu_pkg::PinAddressBits-1:0]      table_row_i,
  input logic [Columns*tpu_pkg::OperandBits-1:0] table_data_i,

  // An accumulator row to the activation path.
  input logic                                   activate_valid_i,
  input logic                                   activate_table_i,
  input logic [tpu_pkg::PinAddressBits-1:0]     activate_address_i,
  input logic signed [tpu_pkg::OperandBits-1:0] activate_zero_point_i,
  input logic signed [tpu_pkg::OperandBits-1:0] activate_minimum_i,
  input logic signed [tpu_pkg::OperandBits-1:0] activate_maximum_i,
  // A row that is a channel of its own brings its parameters; they replace those of the columns.
  input logic                                   activate_own_i,
  input logic [      tpu_pkg::SumBits-1:0]      activate_bias_i,
  input logic [tpu_pkg::MultiplierBits-1:0]     activate_multiplier_i,
  input logic [    tpu_pkg::ShiftBits-1:0]      activate_shift_i,
  // Of floats, which have neither table nor range: what is negative becomes 0; and fp32, not bf16.
  input logic                                   activate_relu_i,
  input logic                                   activate_wide_i,

  // A row of the unified buffer, in the cycle of `activate_valid_i`: it is added to that row's
  // results before they are looked up.
  input logic                                     residual_valid_i,
  input logic [ Columns*tpu_pkg::OperandBits-1:0] residual_data_i,
  input logic signed [  tpu_pkg::OperandBits-1:0] residual_zero_point_i,
  input logic signed [ tpu_pkg::WeighingBits-1:0] residual_multiplier_i,
  // Of the results that it is added to, whose zero point is `activate_zero_point_i`; of the sum.
  input logic signed [ tpu_pkg::WeighingBits-1:0] residual_sums_multiplier_i,
  input logic [           tpu_pkg::ShiftBits-1:0] residual_shift_i,
  input logic signed [  tpu_pkg::OperandBits-1:0] residual_sum_zero_point_i,
  input logic signed [  tpu_pkg::OperandBits-1:0] residual_minimum_i,
  input logic signed [  tpu_pkg::OperandBits-1:0] residual_maximum_i,

  // A row of results; the data hold until the next row.
  output logic                          result_valid_o,
  output logic [Columns*ResultBits-1:0] result_data_o
);

  // tpu_skew refuses an array without rows or columns.
  if (AccumulatorRows == 0) begin : gen_no_accumulators
    $fatal(1, "tpu_matrix_unit: AccumulatorRows must be at least 1");
  end
  if (Floats ?
      (OperandBits != 16 || WeightBits != 16 || OutputStationary) :
      Selects ?
      (OperandBits != tpu_pkg::OperandBits || WeightBits != OperandBits + tpu_pkg::IndexBits ||
       OutputStationary) :
      (OperandBits != tpu_pkg::OperandBits || WeightBits > tpu_pkg::OperandBits ||
       (Operation == tpu_pkg::PeNegate) != (WeightBits == 1)))
  begin : gen_no_type
    $fatal(1, "tpu_matrix_unit: operands are int8, weights 8 bits or fewer, or both are bf16");
  end
  if (Selects && Rows % tpu_pkg::GroupRows != 0) begin : gen_half_a_group
    $fatal(1, "tpu_matrix_unit: weights with an index need an even number of rows");
  end
  if (SumBits != tpu_pkg::SumBits) begin : gen_no_sums
    $fatal(1, "tpu_matrix_unit: sums are int32 or fp32");
  end

  localparam int unsigned RowBits = tpu_pkg::index_bits(Rows);
  localparam int unsigned AddressBits = tpu_pkg::index_bits(AccumulatorRows);

  // Addresses that exist fit; the assertions below watch for others.
  logic unused_address_bits;
  assign unused_address_bits =
      ^{weight_row_i, feed_address_i, drain_address_i, activate_address_i};

  //////////////////////
  // Weights and rows //
  //////////////////////

  logic [Columns-1:0] weight_mask;
  logic [Columns*WeightBits-1:0] weight_data, weight_lanes;
  logic [Rows-1:0] feed_mask;
  localparam int unsigned FedBits = Selects ? OperandBits * tpu_pkg::GroupValues : OperandBits;
  logic [Rows*FedBits-1:0] feed_data, feed_lanes;
  logic [Columns*SumBits-1:0] sum_lanes, sums;
  logic load_moving, wave_moving;

  // A narrow weight fills its lane, sign-extended; one of a single bit is 1 or -1, and its sign is
  // kept.
  if (WeightBits == PinBits) begin : gen_whole_weights
    assign weight_data = weight_data_i;
  end else begin : gen_narrow_weights
    localparam int unsigned Lowest = (WeightBits == 1) ? PinBits - 1 : 0;
    for (genvar c = 0; c < Columns; c++) begin : gen_lane
      assign weight_data[c*WeightBits+:WeightBits] =
          weight_data_i[c*PinBits+Lowest+:WeightBits];
    end
    logic unused_weight_bits;
    assign unused_weight_bits = ^weight_data_i;
  end

  // Rows that share a group each have it on a way of their own, a cycle apart as all rows are.
  if (Selects) begin : gen_groups
    for (genvar r = 0; r < Rows; r++) begin : gen_row
      assign feed_data[r*FedBits+:FedBits] =
          feed_data_i[r/tpu_pkg::GroupRows*FedBits+:FedBits];
    end
  end else begin : gen_single_values
    assign feed_data = feed_data_i;
  end

  tpu_skew #(
    .Lanes(Columns),
    .Width(WeightBits),
    .SimulationView(SimulationView)
  ) u_weight_skew (
    .clk_i,
    .move_i (load_moving),
    .lanes_i(weight_data),
    .lanes_o(weight_lanes)
  );

  tpu_skew #(
    .Lanes(Columns),
    .Width(1),
    .SimulationView(SimulationView)
  ) u_weight_mask_skew (
    .clk_i,
    .move_i (load_moving),
    .lanes_i(weight_mask_i),
    .lanes_o(weight_mask)
  );

  tpu_skew #(
    .Lanes(Rows),
    .Width(FedBits),
    .SimulationView(SimulationView)
  ) u_feed_skew (
    .clk_i,
    .move_i (wave_moving),
    .lanes_i(feed_data),
    .lanes_o(feed_lanes)
  );

  tpu_skew #(
    .Lanes(Rows),
    .Width(1),
    .SimulationView(SimulationView)
  ) u_feed_mask_skew (
    .clk_i,
    .move_i (wave_moving),
    .lanes_i(feed_mask_i),
    .lanes_o(feed_mask)
  );

  if (Rows == 0 || Columns == 0) begin : gen_no_array
    $fatal(1, "tpu_matrix_unit: Rows and Columns must be at least 1");
  end else if (OutputStationary) begin : gen_output_stationary

    tpu_array_output_stationary #(
      .Rows(Rows),
      .Columns(Columns),
      .Operation(Operation),
      .OperandBits(FedBits),
      .WeightBits(WeightBits),
      .SumBits(SumBits),
      .SimulationView(SimulationView)
    ) u_array (
      .clk_i,
      .rst_ni,
      .feed_valid_i,
      .feed_begin_i,
      .feed_drain_i,
      .feed_mask_i(feed_mask),
      .feed_data_i(feed_lanes),
      .weight_mask_i(weight_mask),
      .weight_data_i(weight_lanes),
      .sums_o(sum_lanes),
      .wave_moving_o(wave_moving)
    );
    assign load_moving = wave_moving;

    logic unused_stationary_pins;
    assign unused_stationary_pins = ^{weight_valid_i, feed_swap_i, feed_add_i};

  end else begin : gen_weight_stationary

    tpu_array #(
      .Rows(Rows),
      .Columns(Columns),
      .Operation(Operation),
      .OperandBits(FedBits),
      .WeightBits(WeightBits),
      .SumBits(SumBits),
      .SimulationView(SimulationView)
    ) u_array (
      .clk_i,
      .rst_ni,
      .weight_valid_i,
      .weight_row_i(weight_row_i[RowBits-1:0]),
      .weight_mask_i(weight_mask),
      .weight_data_i(weight_lanes),
      .feed_valid_i,
      .feed_swap_i,
      .feed_mask_i(feed_mask),
      .feed_data_i(feed_lanes),
      .sums_o(sum_lanes),
      .load_moving_o(load_moving),
      .wave_moving_o(wave_moving)
    );

    logic unused_output_stationary_pins;
    assign unused_output_stationary_pins = ^{feed_begin_i, feed_drain_i, drain_valid_i};

  end

  tpu_skew #(
    .Lanes(Columns),
    .Width(SumBits),
    .Reverse(1'b1),
    .SimulationView(SimulationView)
  ) u_deskew (
    .clk_i,
    .move_i (wave_moving),
    .lanes_i(sum_lanes),
    .lanes_o(sums)
  );

  //////////////////
  // Accumulators //
  //////////////////

  // A row's address waits for the row: the last sum leaves the last PE after the edge that ends
  // cycle Rows + Columns - 2 after the feed, and the row is complete in `sums` a cycle later.
  // A drained row takes as long from its address's cycle: hw/TIMING.md counts both.
  logic add_valid, add_accumulate;
  logic [AddressBits-1:0] add_address;
  logic row_enters;
  logic [AddressBits:0] row_target;
  assign row_enters = OutputStationary ? drain_valid_i : feed_valid_i;
  assign row_target = OutputStationary ? {1'b0, drain_address_i[AddressBits-1:0]} :
      {feed_add_i, feed_address_i[AddressBits-1:0]};

  tpu_delay #(
    .Width(1 + AddressBits),
    .Stages(Rows + Columns - 1)
  ) u_address_delay (
    .clk_i,
    .rst_ni,
    .valid_i(row_enters),
    .data_i(row_target),
    .valid_o(add_valid),
    .data_o({add_accumulate, add_address})
  );

  logic [Columns*SumBits-1:0] activate_sums;

  tpu_accumulators #(
    .Columns(Columns),
    .AccumulatorRows(AccumulatorRows),
    .SumBits(SumBits),
    .Floats(Floats)
  ) u_accumulators (
    .clk_i,
    .rst_ni,
    .add_valid_i(add_valid),
    .add_accumulate_i(add_accumulate),
    .add_address_i(add_address),
    .add_sums_i(sums),
    .read_valid_i(activate_valid_i),
    .read_address_i(activate_address_i[AddressBits-1:0]),
    .read_data_o(activate_sums)
  );

  /////////////////////
  // Activation path //
  /////////////////////

  // What says how a row is finished goes beside it through the accumulators' read.
  localparam int unsigned ActivateBits =
      Floats ? tpu_pkg::ActivateFloatBits : tpu_pkg::ActivateBits;
  logic row_valid;
  logic [ActivateBits-1:0] activate, row_activate;

  tpu_delay #(
    .Width(ActivateBits),
    .Stages(1)
  ) u_activate_delay (
    .clk_i,
    .rst_ni,
    .valid_i(activate_valid_i),
    .data_i(activate),
    .valid_o(row_valid),
    .data_o(row_activate)
  );

  if (Floats) begin : gen_float_activation

    tpu_pkg::activate_float_t with_row;
    assign with_row = {activate_own_i, activate_bias_i, activate_relu_i, activate_wide_i};
    assign activate = with_row;

    tpu_activation_float #(
      .Columns((Columns == 0) ? 1 : Columns)  // so that none is refused by the sentence above
    ) u_activation (
      .clk_i,
      .rst_ni,
      .channel_valid_i,
      .channel_plane_i,
      .channel_data_i,
      .row_valid_i(row_valid),
      .row_activate_i(row_activate),
      .row_sums_i(activate_sums),
      .result_valid_o,
      .result_data_o
    );

    logic unused_integer_pins;
    assign unused_integer_pins = ^{table_valid_i, table_row_i, table_data_i, activate_table_i,
        activate_zero_point_i, activate_minimum_i, activate_maximum_i, activate_multiplier_i,
        activate_shift_i, residual_valid_i, residual_data_i, residual_zero_point_i,
        residual_multiplier_i, residual_sums_multiplier_i, residual_shift_i,
        residual_sum_zero_point_i, residual_minimum_i, residual_maximum_i};

  end else begin : gen_integer_activation

    tpu_pkg::activate_t with_row;
    assign with_row = {
      activate_table_i,
      activate_zero_point_i,
      activate_minimum_i,
      activate_maximum_i,
      activate_own_i,
      activate_bias_i,
      activate_multiplier_i,
      activate_shift_i
    };
    assign activate = with_row;

    tpu_pkg::residual_t residual;
    assign residual = {
      activate_table_i,
      activate_zero_point_i,
      residual_sums_multiplier_i,
      residual_zero_point_i,
      residual_multiplier_i,
      residual_shift_i,
      residual_sum_zero_point_i,
      residual_minimum_i,
      residual_maximum_i
    };

    tpu_activation #(
      .Columns((Columns == 0) ? 1 : Columns),  // so that none is refused by the sentence above
      .SimulationView(SimulationView)
    ) u_activation (
      .clk_i,
      .rst_ni,
      .channel_valid_i,
      .channel_plane_i,
      .channel_data_i,
      .table_valid_i,
      .table_row_i,
      .table_data_i,
      .row_valid_i(row_valid),
      .row_activate_i(row_activate),
      .row_sums_i(activate_sums),
      .residual_valid_i,
      .residual_i(residual),
      .residual_data_i,
      .result_valid_o,
      .result_data_o
    );

    logic unused_float_pins;
    assign unused_float_pins = ^{activate_relu_i, activate_wide_i};

  end

  ////////////////
  // Assertions //
  ////////////////

`ifndef SYNTHESIS
  logic last_feed_valid_q;
  logic [tpu_pkg::PinAddressBits-1:0] last_feed_address_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      last_feed_valid_q   <= 1'b0;
      last_feed_address_q <= '0;
    end else begin
      last_feed_valid_q   <= feed_valid_i;
      last_feed_address_q <= feed_address_i;
    end
  end

  // Cycles until the next product may drain: Rows after the last that did.
  logic drains;
  int unsigned drain_pause_q;
  assign drains = feed_valid_i && feed_drain_i;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      drain_pause_q <= 0;
    end else begin
      drain_pause_q <= drains ? Rows - 1 : (drain_pause_q == 0) ? 0 : drain_pause_q - 1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // The accumulators read a row one cycle before they write it, so the second of two rows in
      // consecutive cycles would add to what was there before the first.
      FeedAddsToStaleRow: assert (OutputStationary ||
                                  !(feed_valid_i && feed_add_i && last_feed_valid_q &&
                                    feed_address_i == last_feed_address_q))
      else $error("feed adds to accumulator row %0d in the cycle after it was fed", feed_address_i);

      WeightRowExists: assert (OutputStationary || !weight_valid_i || weight_row_i < Rows)
      else $error("weight row %0d of %0d", weight_row_i, Rows);
      FeedAddressExists: assert (OutputStationary || !feed_valid_i ||
                                 feed_address_i < AccumulatorRows)
      else $error("feed to accumulator row %0d of %0d", feed_address_i, AccumulatorRows);
      StepHasBothOperands: assert (!OutputStationary || weight_valid_i == feed_valid_i)
      else $error("a step needs its weights in the cycle of its activations");
      DrainAddressExists: assert (!OutputStationary || !drain_valid_i ||
                                  drain_address_i < AccumulatorRows)
      else $error("drain to accumulator row %0d of %0d", drain_address_i, AccumulatorRows);
      DrainFindsTheLastGone: assert (!OutputStationary || !drains || drain_pause_q == 0)
      else $error("drain %0d cycles before the rows of the last have moved", drain_pause_q);
      ActivateAddressExists: assert (!activate_valid_i || activate_address_i < AccumulatorRows)
      else $error("activate accumulator row %0d of %0d", activate_address_i, AccumulatorRows);
      ChannelPlaneExists: assert (!channel_valid_i ||
                                  32'(channel_plane_i) < tpu_pkg::ChannelPlanes)
      else $error("channel plane %0d of %0d", channel_plane_i, tpu_pkg::ChannelPlanes);
      ResidualComesWithARow: assert (!residual_valid_i || activate_valid_i)
      else $error("a residual without a row that it is added to");
      ClampIsARange: assert (!activate_valid_i || activate_minimum_i <= activate_maximum_i)
      else $error("activate clamps to [%0d, %0d]", activate_minimum_i, activate_maximum_i);
      ResidualClampIsARange: assert (!residual_valid_i || residual_minimum_i <= residual_maximum_i)
      else $error("a residual's sum is clamped to [%0d, %0d]", residual_minimum_i,
                  residual_maximum_i);
    end
  end
`endif

endmodule
