// SPDX-License-Identifier: Apache-2.0
// tpu_skew as a simulator likes it, for simulation only: nothing moves, whole rows of lanes stay in
// a ring, and each lane reads from the row that came in as many cycles ago as the lane is delayed.
// At least two lanes.

module tpu_skew_simulation #(
  parameter int unsigned Lanes   = 4,
  parameter int unsigned Width   = 8,
  parameter bit          Reverse = 1'b0
) (
  input logic clk_i,
  input logic move_i,

  input  logic [Lanes*Width-1:0] lanes_i,
  output logic [Lanes*Width-1:0] lanes_o
);

  localparam int unsigned PlaceBits = $clog2(Lanes);

  logic [PlaceBits-1:0] now_q;  // where the next row goes
  logic [Lanes*Width-1:0] row_q[1<<PlaceBits];
  initial now_q = '0;

  always_ff @(posedge clk_i) begin
    if (move_i) begin
      now_q <= now_q + PlaceBits'(1);
      row_q[now_q] <= lanes_i;
    end
  end

  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    localparam int unsigned Depth = Reverse ? Lanes - 1 - i : i;

    // The last cycle of the delay is a register of its own.
    if (Depth == 0) begin : gen_straight
      assign lanes_o[i*Width+:Width] = lanes_i[i*Width+:Width];
    end else begin : gen_delayed
      logic [Width-1:0] last_q;
      always_ff @(posedge clk_i) begin
        if (move_i) begin
          last_q <= (Depth == 1) ? lanes_i[i*Width+:Width] :
              row_q[now_q-PlaceBits'(Depth-1)][i*Width+:Width];
        end
      end
      assign lanes_o[i*Width+:Width] = last_q;
    end
  end

endmodule
