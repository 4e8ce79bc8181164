// SPDX-License-Identifier: Apache-2.0
// From fp32 sums to bf16 activations or to fp32 as they are, one row per cycle, in as many stages
// as tpu_activation has:
//   biased   = sum + bias
//   value    = relu and biased < 0 ? 0 : biased
//   narrowed = wide ? value : bf16(value)
//   result   = narrowed
// The bias is the column's, or the row's if it brings its own. A bf16 is in the lower half of its
// lane.

module tpu_activation_float #(
  parameter int unsigned Columns = 4
) (
  input logic clk_i,
  input logic rst_ni,

  // Column parameters: of the nine byte planes the first four are the bias.
  input logic                                    channel_valid_i,
  input logic [     tpu_pkg::PlaneBits-1:0]      channel_plane_i,
  input logic [Columns*tpu_pkg::OperandBits-1:0] channel_data_i,

  // A row from the accumulators.
  input logic                                row_valid_i,
  input tpu_pkg::activate_float_t            row_activate_i,
  input logic [Columns*tpu_pkg::SumBits-1:0] row_sums_i,

  // The row of results, four cycles later; holds until the next.
  output logic                                result_valid_o,
  output logic [Columns*tpu_pkg::SumBits-1:0] result_data_o
);

  localparam int unsigned ByteBits = tpu_pkg::OperandBits;
  localparam int unsigned SumBits = tpu_pkg::SumBits;
  localparam int unsigned BiasPlanes = 4;

  // Which stages hold a row: value, narrowed, result.
  logic [2:0] valid_q;
  logic result_valid_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q        <= '0;
      result_valid_q <= 1'b0;
    end else begin
      valid_q        <= {valid_q[1:0], row_valid_i};
      result_valid_q <= valid_q[2];
    end
  end

  logic value_relu_q, value_wide_q, narrow_wide_q;
  always_ff @(posedge clk_i) begin
    if (row_valid_i) begin
      value_relu_q <= row_activate_i.relu;
      value_wide_q <= row_activate_i.wide;
    end
    if (valid_q[0]) begin
      narrow_wide_q <= value_wide_q;
    end
  end

  for (genvar c = 0; c < Columns; c++) begin : gen_column

    logic [BiasPlanes*ByteBits-1:0] bias_q;
    for (genvar p = 0; p < BiasPlanes; p++) begin : gen_plane
      always_ff @(posedge clk_i) begin
        if (channel_valid_i && 32'(channel_plane_i) == p) begin
          bias_q[p*ByteBits+:ByteBits] <= channel_data_i[c*ByteBits+:ByteBits];
        end
      end
    end

    tpu_pkg::single_t biased_q, value_q, narrowed_q, result_q;
    logic negative;
    assign negative = biased_q[31];  // the one NaN is not

    always_ff @(posedge clk_i) begin
      if (row_valid_i) begin
        biased_q <= tpu_pkg::float_add(row_sums_i[c*SumBits+:SumBits],
                                       row_activate_i.own ? row_activate_i.bias : bias_q);
      end
    end
    always_ff @(posedge clk_i) begin
      if (valid_q[0]) begin
        value_q <= (value_relu_q && negative) ? '0 : biased_q;
      end
    end
    always_ff @(posedge clk_i) begin
      if (valid_q[1]) begin
        narrowed_q <= narrow_wide_q ? value_q : {16'b0, tpu_pkg::float_narrow(value_q)};
      end
    end
    always_ff @(posedge clk_i) begin
      if (valid_q[2]) begin
        result_q <= narrowed_q;
      end
    end

    assign result_data_o[c*SumBits+:SumBits] = result_q;

  end

  assign result_valid_o = result_valid_q;

endmodule
