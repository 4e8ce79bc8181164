// SPDX-License-Identifier: Apache-2.0
// A valid bit and what belongs to it, `Stages` cycles later.

module tpu_delay #(
  parameter int unsigned Width  = 1,
  parameter int unsigned Stages = 1
) (
  input logic clk_i,
  input logic rst_ni,

  input logic             valid_i,
  input logic [Width-1:0] data_i,

  output logic             valid_o,
  output logic [Width-1:0] data_o
);

  if (Stages == 0) begin : gen_bad_stages
    $fatal(1, "tpu_delay: Stages must be at least 1");
  end

  // The newest entry is at the bottom.
  logic [Stages:0] valid;
  logic [Stages-1:0] valid_q;
  logic [(Stages+1)*Width-1:0] data;
  logic [Stages*Width-1:0] data_q;

  assign valid = {valid_q, valid_i};
  assign data  = {data_q, data_i};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q <= '0;
    end else begin
      valid_q <= valid[Stages-1:0];
    end
  end

  always_ff @(posedge clk_i) begin
    data_q <= data[Stages*Width-1:0];
  end

  assign valid_o = valid[Stages];
  assign data_o  = data[Stages*Width+:Width];

endmodule
