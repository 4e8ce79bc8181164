// SPDX-License-Identifier: Apache-2.0
// A triangle of delay registers: lane i leaves i cycles after it came in. With `Reverse` lane i
// leaves Lanes - 1 - i cycles later, which undoes a skew.

module tpu_skew #(
  parameter int unsigned Lanes   = 4,
  parameter int unsigned Width   = 8,
  parameter bit          Reverse = 1'b0
) (
  input logic clk_i,

  input  logic [Lanes*Width-1:0] lanes_i,
  output logic [Lanes*Width-1:0] lanes_o
);

  if (Lanes == 1) begin : gen_straight

    logic unused_clk;
    assign unused_clk = clk_i;
    assign lanes_o = lanes_i;

  end else begin : gen_triangle

    // Depth 0 is the input; the row of depth s (s * Lanes + i, of the lanes with a delay above s)
    // is s cycles older. The last register of each lane is in `last_q`, because the next module
    // reads it: everything else is private to the one process.
    logic [Width-1:0] delay_q[Lanes*Lanes];
    logic [Lanes*Width-1:0] last_d, last_q;

    always_ff @(posedge clk_i) begin
      for (int unsigned i = 0; i < Lanes; i++) begin
        delay_q[i] = lanes_i[i*Width+:Width];
      end
      last_d = '0;
      for (int unsigned delay = 1; delay < Lanes; delay++) begin
        if (Reverse) begin
          last_d[(Lanes-1-delay)*Width+:Width] = delay_q[(delay-1)*Lanes+Lanes-1-delay];
        end else begin
          last_d[delay*Width+:Width] = delay_q[(delay-1)*Lanes+delay];
        end
      end
      last_q <= last_d;
      // Deepest first, so that each depth takes what the one before it held.
      for (int unsigned k = 2; k < Lanes; k++) begin
        for (int unsigned i = 0; i < k - 1; i++) begin
          delay_q[(Lanes-k)*Lanes+(Reverse ? i : Lanes-1-i)] =
              delay_q[(Lanes-k-1)*Lanes+(Reverse ? i : Lanes-1-i)];
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
