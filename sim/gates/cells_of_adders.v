// SPDX-License-Identifier: Apache-2.0
// The full adders that Yosys' maccmap makes, as cells of the OSU library. (extract_fa, which finds
// adders in gates, gives wrong logic where one has a constant input.)
(* techmap_celltype = "$fa" *)
module adder_cells (
  A,
  B,
  C,
  X,
  Y
);
  parameter WIDTH = 1;
  input [WIDTH-1:0] A, B, C;
  output [WIDTH-1:0] X, Y;
  genvar i;
  generate
    for (i = 0; i < WIDTH; i = i + 1) begin : bits
      FAX1 adder (
        .A (A[i]),
        .B (B[i]),
        .C (C[i]),
        .YC(X[i]),
        .YS(Y[i])
      );
    end
  endgenerate
endmodule
