// A report of round numbers.
#pragma once

#include "host/report/report.h"

namespace systol::test {

inline Ledger ledger(std::array<std::uint64_t, kCycleClasses> cycles) {
  Ledger ledger;
  for (std::size_t i = 0; i < cycles.size(); ++i) {
    ledger.cycles[i] = Cycles(cycles[i]);
  }
  return ledger;
}

inline NodeReport layer_report(std::string name, std::uint64_t k, std::uint64_t n,
                               std::array<std::uint64_t, kCycleClasses> cycles, double picojoules) {
  NodeReport layer;
  layer.name = std::move(name);
  layer.m = 10;
  layer.k = k;
  layer.fed_depth = k;
  layer.n = n;
  layer.ledger = ledger(cycles);
  layer.activity[Action::MacsUseful] = 10 * k * n;
  layer.activity[Action::MacsUnused] = 80;
  layer.activity[Action::MacsZero] = k * n;
  layer.activity[Action::WeightsReadBytes] = k * n;
  layer.activity[Action::ActivationsReadBytes] = 10 * k;
  layer.activity[Action::ActivationsWriteBytes] = 10 * n;
  layer.activity[Action::BufferReadBytes] = 10 * k;
  layer.activity[Action::BufferWriteBytes] = 1'024;
  layer.activity[Action::FifoReadBytes] = k * n;
  layer.activity[Action::FifoWriteBytes] = k * n;
  layer.activity[Action::AccumulatorReads] = 11;
  layer.activity[Action::AccumulatorWrites] = 12;
  layer.energy.components = {{"multipliers", Picojoules(picojoules / 4)},
                             {"dram", Picojoules(picojoules * 3 / 4)}};
  layer.energy.total = Picojoules(picojoules);
  return layer;
}

/// Ten samples through two layers on a 4x4 array at 500 MHz: 1,000 cycles, 4 uJ.
inline RunReport made_up_report() {
  RunReport report;
  report.engine = "systemc";
  report.array.name = "edge";
  report.array.clock = Hertz(500'000'000);
  report.array.rows = 4;
  report.array.columns = 4;
  report.array.weight_fifo_tiles = 2;
  report.array.accumulator_rows = 32;
  report.array.unified_buffer = Bytes(65'536);
  report.array.command_queue_depth = 16;
  report.array.dma_outstanding = 8;
  report.array.energy = "/somewhere/45nm.yaml";
  MemoryConfig dram;
  dram.name = "dram";
  dram.holds = {isa::Space::Weights, isa::Space::Activations};
  dram.bandwidth = BytesPerSecond(8'000'000'000);
  dram.latency = Picoseconds(80'000);
  dram.energy = "lpddr4";
  report.array.memories = {dram};
  report.model = "mlp";
  report.input = "digits.gz, pixels scaled to [0, 1]";
  report.samples = 10;
  report.batch = 5;
  report.cycles = Cycles(1'000);
  report.nodes = {layer_report("fc1", 20, 30, {400, 100, 50, 40, 30, 80, 0}, 3e6),
                  layer_report("fc2", 30, 4, {200, 0, 0, 60, 0, 39, 1}, 1e6)};
  report.nodes[0].waits[static_cast<std::size_t>(Wait::WeightsTransfer)] = Cycles(180);
  report.nodes[0].waits[static_cast<std::size_t>(Wait::WeightsLatency)] = Cycles(100);
  report.nodes[0].waits[static_cast<std::size_t>(Wait::VectorUnit)] = Cycles(20);
  report.nodes[1].waits[static_cast<std::size_t>(Wait::Accumulators)] = Cycles(100);
  for (const NodeReport& layer : report.nodes) {
    report.ledger += layer.ledger;
    report.activity += layer.activity;
  }
  report.operand_basis = "bits that changed";
  report.energy.components = {{"multipliers", Picojoules(1e6)}, {"dram", Picojoules(3e6)}};
  report.energy.total = Picojoules(4e6);
  report.hardware = {{"multipliers", SquareMicrometres(200'000.0), {}, {}},
                     {"dram", {}, {}, {}},
                     {"buffer", SquareMicrometres(50'000.0), {}, {}}};
  report.energy_sources = {{"multipliers", {"int8 multiply 0.2 pJ (confirmed): a paper"}},
                           {"dram", {"one", "two"}}};
  report.commands = {1, 2, 3, 4, 5, 6, 7, 8};
  report.check.compared = 12'345;
  report.accuracy = Accuracy{10, 0.9, 1.0};
  report.score_error = ScoreError{0.25, 0.0625};
  report.notes = {"a note"};
  report.command_line = "systol run mlp.onnx -c edge.yaml";
  return report;
}

inline Mismatch made_up_mismatch() {
  Mismatch mismatch;
  mismatch.node = "fc2";
  mismatch.command = 17;
  mismatch.command_text = "activate rows=5";
  mismatch.tile_row = 5;
  mismatch.tile_column = 4;
  mismatch.row = 6;
  mismatch.column = 7;
  mismatch.pe_column = 3;
  mismatch.expected = -1;
  mismatch.got = 127;
  return mismatch;
}

}  // namespace systol::test
