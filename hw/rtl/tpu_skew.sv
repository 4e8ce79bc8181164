// SPDX-License-Identifier: Apache-2.0
// A triangle of delay registers: lane i leaves i cycles after it came in. With `Reverse` lane i
// leaves Lanes - 1 - i cycles later, which undoes a skew. Nothing moves while `move_i` is low: the
// user keeps it high as long as something that matters is inside.

module tpu_skew #(
  parameter int unsigned Lanes          = 4,
  parameter int unsigned Width          = 8,
  parameter bit          Reverse        = 1'b0,
  parameter bit          SimulationView = 1'b0  // the registers as loops
) (
  input logic clk_i,
  input logic move_i,

  input  logic [Lanes*Width-1:0] lanes_i,
  output logic [Lanes*Width-1:0] lanes_o
);

  if (Lanes == 0) begin : gen_no_lanes
    $fatal(1, "tpu_skew: Lanes (rows or columns of the matrix unit) must be at least 1");
  end else if (Lanes == 1) begin : gen_straight

    logic unused_control;
    assign unused_control = ^{clk_i, move_i};
    assign lanes_o = lanes_i;

  end else if (SimulationView) begin : gen_simulation

    tpu_skew_simulation #(
      .Lanes(Lanes),
      .Width(Width),
      .Reverse(Reverse)
    ) u_triangle (
      .clk_i,
      .move_i,
      .lanes_i,
      .lanes_o
    );

  end else begin : gen_hardware

    for (genvar i = 0; i < Lanes; i++) begin : gen_lane
      localparam int unsigned Depth = Reverse ? Lanes - 1 - i : i;

      if (Depth == 0) begin : gen_straight
        assign lanes_o[i*Width+:Width] = lanes_i[i*Width+:Width];
      end else begin : gen_delayed
        for (genvar s = 0; s < Depth; s++) begin : gen_stage
          logic [Width-1:0] delay_d, delay_q;
          if (s == 0) begin : gen_first
            assign delay_d = lanes_i[i*Width+:Width];
          end else begin : gen_other
            assign delay_d = gen_stage[s-1].delay_q;
          end
          always_ff @(posedge clk_i) begin
            if (move_i) begin
              delay_q <= delay_d;
            end
          end
        end
        assign lanes_o[i*Width+:Width] = gen_stage[Depth-1].delay_q;
      end
    end

  end

endmodule
