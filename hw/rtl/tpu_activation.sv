// SPDX-License-Identifier: Apache-2.0
// From int32 sums to int8 activations, one row per cycle, four stages:
//   biased   = saturate_int32(sum + bias)
//   scaled   = biased * multiplier                                   (exact, 63 bits)
//   value    = clamp(((scaled + 2^(shift-1)) >> shift) + zero_point, minimum, maximum)
//   result   = use_table ? table[value + 128] : value
// Bias, multiplier and shift belong to the column, or to the row if it brings its own; the rest
// belongs to the row.

module tpu_activation #(
  parameter int unsigned Columns = 4
) (
  input logic clk_i,
  input logic rst_ni,

  // Column parameters: one of the nine byte planes.
  input logic                                    channel_valid_i,
  input logic [tpu_pkg::PinAddressBits-1:0]      channel_plane_i,
  input logic [Columns*tpu_pkg::OperandBits-1:0] channel_data_i,

  // `Columns` entries of the table; those past its end are ignored.
  input logic                                    table_valid_i,
  input logic [tpu_pkg::PinAddressBits-1:0]      table_row_i,
  input logic [Columns*tpu_pkg::OperandBits-1:0] table_data_i,

  // A row from the accumulators.
  input logic                                row_valid_i,
  input tpu_pkg::activate_t                  row_activate_i,
  input logic [Columns*tpu_pkg::SumBits-1:0] row_sums_i,

  // The row of results, four cycles later; holds until the next.
  output logic                                    result_valid_o,
  output logic [Columns*tpu_pkg::OperandBits-1:0] result_data_o
);

  localparam int unsigned OperandBits = tpu_pkg::OperandBits;
  localparam int unsigned SumBits = tpu_pkg::SumBits;
  localparam int unsigned ScaledBits = tpu_pkg::ScaledBits;
  localparam int unsigned Entries = tpu_pkg::TableEntries;
  localparam int unsigned EntryBits = $clog2(Entries);
  localparam int unsigned Planes = tpu_pkg::ChannelPlanes;
  localparam int unsigned Lanes = tpu_pkg::padded(Columns);

  localparam logic signed [SumBits:0] SumMaximum = {2'b00, {(SumBits - 1) {1'b1}}};
  localparam logic signed [SumBits:0] SumMinimum = {2'b11, {(SumBits - 1) {1'b0}}};

  ////////////////////////////////
  // Which stages hold a row    //
  ////////////////////////////////

  typedef enum logic [1:0] {
    StageScale = 2'd0,
    StageRound = 2'd1,
    StageTable = 2'd2
  } stage_e;

  logic [2:0] valid_q;
  logic result_valid_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q        <= '0;
      result_valid_q <= 1'b0;
    end else begin
      valid_q        <= {valid_q[StageRound:StageScale], row_valid_i};
      result_valid_q <= valid_q[StageTable];
    end
  end

  // What the rest of the row's way depends on.
  tpu_pkg::activate_t scale_activate_q, round_activate_q;
  logic table_use_q;

  // Each stage takes its own part along; synthesis drops the rest.
  logic unused_parts;
  assign unused_parts =
      ^{scale_activate_q.bias, round_activate_q.bias, round_activate_q.multiplier};

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
  end

  ////////////////////
  // The data path  //
  ////////////////////

  // Plane p of column c is at p * Lanes + c. All of these are private to `data_path`; see tpu_array
  // for why its assignments are blocking.
  logic [OperandBits-1:0] plane_q[tpu_pkg::padded(Planes)*Lanes];
  tpu_pkg::operand_t table_q[Entries];
  tpu_pkg::sum_t biased_q[Lanes];
  tpu_pkg::scaled_t scaled_q[Lanes];
  tpu_pkg::operand_t value_q[Lanes];
  logic [Columns*OperandBits-1:0] result_d, result_q;

  logic [SumBits-1:0] bias;
  logic [tpu_pkg::MultiplierBits-1:0] multiplier;
  logic signed [SumBits:0] wide;
  logic [tpu_pkg::ShiftBits-1:0] shift;
  tpu_pkg::scaled_t rounded;
  logic [tpu_pkg::PinAddressBits-1:0] entry;

  // Stages from the last to the first, so that each takes what the one before it held.
  always_ff @(posedge clk_i) begin : data_path
    int unsigned c;
    c = 0;

    if (valid_q[StageTable]) begin
      for (c = 0; c < Columns; c++) begin
        result_d[c*OperandBits+:OperandBits] = table_use_q ?
            table_q[{~value_q[c][OperandBits-1], value_q[c][OperandBits-2:0]}] : value_q[c];
      end
      result_q <= result_d;
    end

    if (valid_q[StageRound]) begin
      for (c = 0; c < Columns; c++) begin
        // Half of 2^shift, so that a shift of 0 rounds nothing.
        shift = round_activate_q.own ? round_activate_q.shift :
            plane_q[8*Lanes+c][tpu_pkg::ShiftBits-1:0];
        rounded = (scaled_q[c] + ((ScaledBits'(1) << shift) >> 1)) >>> shift;
        rounded = rounded + ScaledBits'(round_activate_q.zero_point);
        if (rounded < ScaledBits'(round_activate_q.minimum)) begin
          value_q[c] = round_activate_q.minimum;
        end else if (rounded > ScaledBits'(round_activate_q.maximum)) begin
          value_q[c] = round_activate_q.maximum;
        end else begin
          value_q[c] = rounded[OperandBits-1:0];
        end
      end
    end

    if (valid_q[StageScale]) begin
      for (c = 0; c < Columns; c++) begin
        multiplier = scale_activate_q.own ? scale_activate_q.multiplier :
            {plane_q[7*Lanes+c][OperandBits-2:0], plane_q[6*Lanes+c],
             plane_q[5*Lanes+c], plane_q[4*Lanes+c]};
        scaled_q[c] = ScaledBits'(biased_q[c]) *
            $signed({{(ScaledBits - tpu_pkg::MultiplierBits) {1'b0}}, multiplier});
      end
    end

    if (row_valid_i) begin
      for (c = 0; c < Columns; c++) begin
        bias = row_activate_i.own ? row_activate_i.bias :
            {plane_q[3*Lanes+c], plane_q[2*Lanes+c], plane_q[1*Lanes+c], plane_q[c]};
        wide = $signed({row_sums_i[c*SumBits+SumBits-1], row_sums_i[c*SumBits+:SumBits]}) +
               $signed({bias[SumBits-1], bias});
        wide = (wide > SumMaximum) ? SumMaximum : (wide < SumMinimum) ? SumMinimum : wide;
        biased_q[c] = wide[SumBits-1:0];
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

  assign result_valid_o = result_valid_q;
  assign result_data_o  = result_q;

endmodule
