// SPDX-License-Identifier: Apache-2.0
// The accumulator memory: one row of sums is read in one cycle, added to and written in the next.
// A second read port serves the activation path.

module tpu_accumulators #(
  parameter int unsigned Columns         = 4,
  parameter int unsigned AccumulatorRows = 16,

  localparam int unsigned AddressBits = tpu_pkg::index_bits(AccumulatorRows),
  localparam int unsigned RowBits     = Columns * tpu_pkg::SumBits
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

  localparam int unsigned SumBits = tpu_pkg::SumBits;

  // The row being added to: valid is reset, the rest follows it.
  logic write_valid_q;
  logic write_accumulate_q;
  logic [AddressBits-1:0] write_address_q;

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

  // Row a, column c is at a * Columns + c. Only `memory` touches these; see tpu_array for why its
  // assignments are blocking.
  localparam int unsigned Words = tpu_pkg::padded(AccumulatorRows * Columns);
  tpu_pkg::sum_t accumulator_q[Words]  /*verilator public_flat_rw*/;
  tpu_pkg::sum_t addend_q[tpu_pkg::padded(Columns)];
  tpu_pkg::sum_t result[tpu_pkg::padded(Columns)];
  logic [RowBits-1:0] read_data_d, read_data_q;

  always_ff @(posedge clk_i) begin : memory
    int unsigned c;
    c = 0;

    // Both reads come before the write: they see the memory as it was before the edge.
    for (c = 0; c < Columns; c++) begin
      result[c] = (addend_q[c] & {SumBits{write_accumulate_q}}) + add_sums_i[c*SumBits+:SumBits];
    end
    if (add_valid_i) begin
      for (c = 0; c < Columns; c++) begin
        addend_q[c] = accumulator_q[32'(add_address_i)*Columns+c];
      end
    end
    if (read_valid_i) begin
      for (c = 0; c < Columns; c++) begin
        read_data_d[c*SumBits+:SumBits] = accumulator_q[32'(read_address_i)*Columns+c];
      end
      read_data_q <= read_data_d;
    end
    if (write_valid_q) begin
      for (c = 0; c < Columns; c++) begin
        accumulator_q[32'(write_address_q)*Columns+c] = result[c];
      end
    end
  end

  assign read_data_o = read_data_q;

endmodule
