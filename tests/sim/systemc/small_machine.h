// Programs of a few commands on a small array, and the cycles in which each command ran. Every
// program runs on the fast engine as well, which must say the same of everything.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/error.h"
#include "sim/fast/fast_device.h"
#include "sim/systemc/systemc_device.h"
#include "sim/unit/model_unit.h"

namespace systol::test {

using isa::Space;
using isa::Unit;
using isa::UnitSet;

/// A memory that moves `bytes_per_cycle` (0: unlimited) and answers `latency` cycles later, at the
/// clock of `small_array`.
inline MemoryConfig memory(std::string name, std::vector<Space> holds,
                           std::uint64_t bytes_per_cycle, std::uint64_t latency) {
  MemoryConfig config;
  config.name = std::move(name);
  config.holds = std::move(holds);
  if (bytes_per_cycle != 0) {
    config.bandwidth = BytesPerSecond(bytes_per_cycle * 1'000'000'000);
  }
  config.latency = Picoseconds(latency * 1'000);
  return config;
}

inline std::vector<MemoryConfig> shared_memory(std::uint64_t bytes_per_cycle,
                                               std::uint64_t latency) {
  return {memory("dram", {Space::Weights, Space::Activations}, bytes_per_cycle, latency)};
}

/// R = 4, C = 4 at 1 GHz; every memory request takes one cycle.
inline ArrayConfig small_array(std::uint32_t rows = 4, std::uint32_t columns = 4) {
  ArrayConfig config;
  config.name = "small";
  config.clock = Hertz(1'000'000'000);
  config.rows = rows;
  config.columns = columns;
  config.weight_fifo_tiles = 4;
  config.accumulator_rows = 32;
  config.unified_buffer = Bytes(8192);
  config.command_queue_depth = 16;
  config.dma_outstanding = 8;
  config.memories = shared_memory(0, 0);
  return config;
}

/// The same with sums in place.
inline ArrayConfig output_stationary_array(std::uint32_t rows = 4, std::uint32_t columns = 4) {
  ArrayConfig config = small_array(rows, columns);
  config.dataflow = Dataflow::OutputStationary;
  return config;
}

/// Tokens of a command.
struct Tokens {
  UnitSet wait{};
  UnitSet signal{};
  std::uint32_t node = 0;
};

/// A program that is written down command by command; its numbers count from 0.
struct Script {
  isa::Program program;

  Script() {
    program.nodes = {"fc"};
    program.space_bytes = {4096, 4096};
  }

  Script& operator()(isa::Operation operation, Tokens tokens = {}) {
    program.commands.push_back(
        {std::move(operation), tokens.wait, tokens.signal, {tokens.node, 0, 0, 0}});
    return *this;
  }
  void put(Space space, std::uint64_t address, std::vector<std::uint8_t> bytes) {
    program.image.push_back({space, address, std::move(bytes)});
  }
};

// The commands, with what most tests do not care about left out.

inline isa::LoadWeights tile(std::uint32_t rows = 4, std::uint32_t columns = 4,
                             std::uint64_t memory = 0) {
  return {Space::Weights, memory, rows, columns};
}

struct MatmulOptions {
  std::uint32_t accumulator = 0;
  bool add = false;
  bool reuse = false;
  std::uint64_t buffer = 0;
  std::uint32_t depth = 4;
  std::uint32_t columns = 4;
};
inline isa::Matmul matmul(std::uint32_t rows, const MatmulOptions& options = {}) {
  return {{options.buffer, rows, options.depth},
          options.depth,
          options.columns,
          options.accumulator,
          options.add,
          options.reuse};
}

struct OutputStationaryOptions {
  bool begin = true;
  bool drain = true;
  std::uint32_t accumulator = 0;
  std::uint64_t buffer = 0;
  std::uint32_t rows = 4;
  std::uint32_t columns = 4;
};
/// `depth` steps of four samples.
inline isa::MatmulOutputStationary output_stationary(std::uint32_t depth,
                                                     const OutputStationaryOptions& options = {}) {
  return {{options.buffer, options.rows, depth},
          depth,
          options.columns,
          options.accumulator,
          options.begin,
          options.drain};
}

/// `columns` samples that lie back to back.
inline isa::LoadTile load_tile(std::uint32_t rows = 4, std::uint32_t columns = 4,
                               std::uint64_t buffer = 0) {
  return {{buffer, columns, rows}, rows, true};
}

/// `bytes` bytes in one piece.
template <class Transfer>
Transfer transfer(Space space, std::uint64_t memory, std::uint64_t buffer, std::uint64_t bytes) {
  Transfer transfer;
  transfer.space = space;
  transfer.memory = isa::Walk(memory);
  transfer.buffer = isa::Walk(buffer);
  transfer.piece_bytes = bytes;
  return transfer;
}
inline isa::Load load(std::uint64_t bytes, std::uint64_t buffer = 0,
                      Space space = Space::Activations, std::uint64_t memory = 0) {
  return transfer<isa::Load>(space, memory, buffer, bytes);
}
/// To where no test loads from.
inline isa::Store store(std::uint64_t bytes, std::uint64_t buffer = 0,
                        std::uint64_t memory = 2048) {
  return transfer<isa::Store>(Space::Activations, memory, buffer, bytes);
}

/// Parameters from the buffer's last bytes, where no test writes.
inline isa::SetChannels channels(std::uint32_t columns = 4) { return {8000, columns}; }

inline isa::Activate activate(std::uint32_t rows, std::uint64_t buffer,
                              std::uint32_t accumulator = 0, std::uint32_t columns = 4) {
  isa::Activate activate;
  activate.columns = columns;
  activate.accumulator = accumulator;
  activate.buffer = {buffer, rows, columns};
  return activate;
}

/// To each row one of those at `residual` is added.
inline isa::ActivateAdd activate_add(std::uint32_t rows, std::uint64_t buffer,
                                     std::uint64_t residual, std::uint32_t columns = 4) {
  isa::ActivateAdd activate;
  activate.columns = columns;
  activate.buffer = {buffer, rows, columns};
  activate.residual = {residual, rows, columns};
  return activate;
}

/// `rows` channels of `columns` samples; parameters from where `channels` has them, or before.
inline isa::ActivateTransposed activate_transposed(std::uint32_t rows, std::uint64_t buffer,
                                                   std::uint32_t columns = 4) {
  isa::ActivateTransposed activate;
  activate.rows = rows;
  activate.channels = 7000;
  activate.buffer = {buffer, columns, rows};
  return activate;
}

/// The cycle in which a command started and the one from which its effect is visible.
struct Span {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  bool operator==(const Span&) const = default;
};
inline void PrintTo(const Span& span, std::ostream* out) {
  *out << "[" << span.start << ", " << span.end << ")";
}

struct Outcome {
  RunResult result;
  std::map<std::uint64_t, Span> spans;         ///< by the command's number
  std::vector<std::uint64_t> completed;        ///< numbers in order of completion
  std::vector<std::vector<std::int8_t>> rows;  ///< that were written, in order
  std::vector<Transport> transports;           ///< those without a pause between them as one
  std::vector<Ledger> ledgers;                 ///< per node, as the observer was told
  MemoryImage memory;
  std::string error;  ///< what was thrown, or ""

  std::uint64_t cycles() const { return result.cycles.count(); }
  Span at(std::uint64_t command) const {
    const auto found = spans.find(command);
    EXPECT_NE(found, spans.end()) << "command " << command << " did not run: " << error;
    return found == spans.end() ? Span{} : found->second;
  }
  std::uint64_t start(std::uint64_t command) const { return at(command).start; }
  std::uint64_t in(CycleClass kind) const { return result.ledger()[kind].count(); }
};

class SpanRecorder : public Observer {
 public:
  explicit SpanRecorder(Outcome& outcome) : outcome_(outcome) {}
  void completed(std::uint64_t index, const isa::Command&, Cycles start, Cycles end) override {
    EXPECT_TRUE(outcome_.spans.emplace(index, Span{start.count(), end.count()}).second)
        << "command " << index << " completed twice";
    outcome_.completed.push_back(index);
  }
  void wrote_row(std::uint64_t, const isa::Command&, std::uint32_t,
                 std::span<const std::int8_t> values) override {
    outcome_.rows.emplace_back(values.begin(), values.end());
  }
  void moved(const Transport& transport) override {
    if (outcome_.transports.empty() || !outcome_.transports.back().extend(transport)) {
      outcome_.transports.push_back(transport);
    }
  }
  void matrix_cycles(std::uint32_t node, CycleClass kind, Cycles from, Cycles to) override {
    EXPECT_EQ(from, seen_until_) << "every cycle is shown once, in the order of time";
    EXPECT_LT(from, to);
    seen_until_ = to;
    outcome_.ledgers.at(node)[kind] += to - from;
  }

 private:
  Outcome& outcome_;
  Cycles seen_until_;
};

/// Runs to the end or to the first error.
inline Outcome run_on(Device& device, const Script& script) {
  Outcome outcome;
  outcome.memory = MemoryImage(script.program);
  outcome.ledgers.resize(script.program.nodes.size());
  SpanRecorder recorder(outcome);
  CommandList commands(script.program.commands);
  try {
    outcome.result = device.run(commands, script.program.nodes, outcome.memory, &recorder);
    for (std::size_t i = 0; i < outcome.ledgers.size(); ++i) {
      EXPECT_EQ(outcome.ledgers[i], outcome.result.nodes.at(i).ledger) << device.engine();
    }
  } catch (const InputError& error) {
    outcome.error = error.what();
  }
  return outcome;
}

inline void expect_same(const Outcome& fast, const Outcome& systemc) {
  EXPECT_EQ(fast.error, systemc.error) << "the fast engine's error";
  if (!systemc.error.empty()) {
    return;
  }
  EXPECT_EQ(fast.result, systemc.result) << "the fast engine's result";
  EXPECT_EQ(fast.spans, systemc.spans) << "the fast engine's cycles";
  EXPECT_EQ(fast.transports, systemc.transports) << "when the fast engine's memories move bytes";
  for (const Space space : {Space::Weights, Space::Activations}) {
    EXPECT_TRUE(std::ranges::equal(fast.memory.space(space), systemc.memory.space(space)))
        << "the fast engine's memory";
  }
}

/// On the SystemC engine, checked against the fast one.
inline Outcome run(const Script& script, const ArrayConfig& config = small_array()) {
  Outcome outcome = run_on(*make_systemc_device("systemc", config, make_model_unit, {}), script);
  expect_same(run_on(*make_fast_device(config, {}), script), outcome);
  if (outcome.error.empty()) {
    EXPECT_EQ(outcome.spans.size(), script.program.commands.size());
    EXPECT_EQ(outcome.result.ledger().total(), outcome.result.cycles)
        << "every cycle is in exactly one class";
  }
  return outcome;
}

/// Cycles per class, as a test writes them down; what is left out is 0.
struct Classes {
  std::uint64_t array_active = 0;
  std::uint64_t weight_stall = 0;
  std::uint64_t weight_shift = 0;
  std::uint64_t raw_stall = 0;
  std::uint64_t input_stall = 0;
  std::uint64_t non_matrix = 0;
  std::uint64_t idle = 0;
  bool operator==(const Classes&) const = default;
};
inline void PrintTo(const Classes& classes, std::ostream* out) {
  *out << "active " << classes.array_active << ", weight stall " << classes.weight_stall
       << ", shift " << classes.weight_shift << ", raw " << classes.raw_stall << ", input "
       << classes.input_stall << ", non-matrix " << classes.non_matrix << ", idle " << classes.idle;
}
inline Classes classes(const Ledger& ledger) {
  const auto of = [&](CycleClass kind) { return ledger[kind].count(); };
  return {of(CycleClass::ArrayActive), of(CycleClass::WeightStall), of(CycleClass::WeightShift),
          of(CycleClass::RawStall),    of(CycleClass::InputStall),  of(CycleClass::NonMatrix),
          of(CycleClass::Idle)};
}
inline Classes classes(const Outcome& outcome) { return classes(outcome.result.ledger()); }

}  // namespace systol::test
