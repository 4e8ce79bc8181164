// SPDX-License-Identifier: Apache-2.0
// A register with an enable as one whose clock is gated: the simulator knows GATED_DFF.
module \$_DFFE_PP_ (
  D,
  C,
  E,
  Q
);
  input D, C, E;
  output Q;
  GATED_DFF register (
    .D  (D),
    .CLK(C),
    .EN (E),
    .Q  (Q)
  );
endmodule
