// SPDX-License-Identifier: Apache-2.0
// The accumulator memory, a row of sums at each address: one row is read in one cycle, added to and
// written in the next. A second read port serves the activation path. Reads see the memory as it
// was before the edge.

module tpu_accumulators #(
  parameter int unsigned Columns         = 4,
  parameter int unsigned AccumulatorRows = 16,
  parameter int unsigned SumBits         = 32,
  parameter bit          Floats          = 1'b0,  // the sums are fp32

  localparam int unsigned AddressBits = tpu_pkg::index_bits(AccumulatorRows),
  localparam int unsigned RowBits     = Columns * SumBits
) (
  input logic clk_i,
  input logic rst_ni,

  // A row of sums: its address first, its data one cycle later.
  input logic                   add_valid_i,
  input logic                   add_accumulate_i,  // add to what is there, or overwrite it
  input logic [AddressBits-1:0] add_address_i,
  input logic [RowBits-1:0]     add_sums_i,

  // To the activation path: the row that the address named, one cycle later.
  input  logic                   read_valid_i,
  input  logic [AddressBits-1:0] read_address_i,
  output logic [RowBits-1:0]     read_data_o
);

  logic [RowBits-1:0] accumulator_q[AccumulatorRows]  /*verilator public_flat_rw*/;

  // The row being added to: valid is reset, the rest follows it.
  logic write_valid_q;
  logic write_accumulate_q;
  logic [AddressBits-1:0] write_address_q;
  logic [RowBits-1:0] addend_q, result;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      write_valid_q <= 1'b0;
    end else begin
      write_valid_q <= add_valid_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (add_valid_i) begin
      write_accumulate_q <= add_accumulate_i;
      write_address_q    <= add_address_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (add_valid_i) begin
      addend_q <= accumulator_q[add_address_i];
    end
  end

  for (genvar c = 0; c < Columns; c++) begin : gen_column
    logic [SumBits-1:0] addend, sum;
    assign addend = addend_q[c*SumBits+:SumBits];
    assign sum    = add_sums_i[c*SumBits+:SumBits];
    if (Floats) begin : gen_float
      assign result[c*SumBits+:SumBits] =
          write_accumulate_q ? SumBits'(tpu_pkg::float_add(32'(addend), 32'(sum))) : sum;
    end else begin : gen_integer
      assign result[c*SumBits+:SumBits] = (addend & {SumBits{write_accumulate_q}}) + sum;
    end
  end

  always_ff @(posedge clk_i) begin
    if (write_valid_q) begin
      accumulator_q[write_address_q] <= result;
    end
  end

  logic [RowBits-1:0] read_data_q;
  always_ff @(posedge clk_i) begin
    if (read_valid_i) begin
      read_data_q <= accumulator_q[read_address_i];
    end
  end

  assign read_data_o = read_data_q;

endmodule
