// SPDX-License-Identifier: Apache-2.0
// A triangle of delay registers: lane i leaves i cycles after it came in. With `Reverse` lane i
// leaves Lanes - 1 - i cycles later, which undoes a skew. Nothing moves while `move_i` is low: the
// user keeps it high as long as something that matters is inside.

module tpu_skew #(
  parameter int unsigned Lanes   = 4,
  parameter int unsigned Width   = 8,
  parameter bit          Reverse = 1'b0
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

  end else begin : gen_triangle

    // Depth 0 is the input, and depth s (lane i at s * Lanes + i) is s cycles older; only lanes
    // with a delay above s use it. The last register of each lane is in `last_q`, because the next
    // module reads it: all else is private to the one process. See tpu_array for why its
    // assignments are blocking.
    logic [Width-1:0] delay_q[tpu_pkg::padded(Lanes*Lanes)];
    logic [Lanes*Width-1:0] last_d, last_q;

    always_ff @(posedge clk_i) begin : triangle
      int unsigned s, i;
      s = 0;
      i = 0;

      if (move_i) begin
        for (i = 0; i < Lanes; i++) begin
          delay_q[i] = lanes_i[i*Width+:Width];
        end
        last_d = '0;
        for (s = 1; s < Lanes; s++) begin
          if (Reverse) begin
            last_d[(Lanes-1-s)*Width+:Width] = delay_q[(s-1)*Lanes+Lanes-1-s];
          end else begin
            last_d[s*Width+:Width] = delay_q[(s-1)*Lanes+s];
          end
        end
        last_q <= last_d;
        // Deepest first, so that each depth takes what the one before it held.
        for (s = Lanes - 2; s > 0; s--) begin
          for (i = (Reverse ? 0 : s + 1); i < (Reverse ? Lanes - 1 - s : Lanes); i++) begin
            delay_q[s*Lanes+i] = delay_q[(s-1)*Lanes+i];
          end
        end
      end
    end

    // The lane without a delay passes straight through.
    if (Reverse) begin : gen_deskew
      logic unused_last;
      assign unused_last = ^last_q[(Lanes-1)*Width+:Width];
      assign lanes_o = {lanes_i[(Lanes-1)*Width+:Width], last_q[0+:(Lanes-1)*Width]};
    end else begin : gen_skew
      logic unused_last;
      assign unused_last = ^last_q[0+:Width];
      assign lanes_o = {last_q[Width+:(Lanes-1)*Width], lanes_i[0+:Width]};
    end

  end

endmodule
