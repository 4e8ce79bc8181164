// Quantised networks with made-up weights, and arrays to compile them for.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "host/compile/compile.h"
#include "host/import/synthetic.h"
#include "host/quantise/quantise.h"
#include "sim/config/array_config.h"

namespace systol::test {

/// The parameters' and tables' part of the unified buffer, and one row of tiles, double-buffered:
/// the least that a `rows` x `columns` array can stream with.
inline std::uint64_t least_buffer(std::uint32_t rows, std::uint32_t columns) {
  return 2 * 9 * std::uint64_t{columns} + 2 * 256 + 2 * 256 + 2 * (std::uint64_t{rows} + columns);
}

inline ArrayConfig array(std::uint32_t rows, std::uint32_t columns, std::uint64_t buffer = 1 << 20,
                         std::uint32_t accumulator_rows = 64) {
  ArrayConfig config;
  config.name = "array";
  config.clock = Hertz(1'000'000'000);
  config.rows = rows;
  config.columns = columns;
  config.weight_fifo_tiles = 4;
  config.accumulator_rows = accumulator_rows;
  config.unified_buffer = Bytes(buffer);
  config.command_queue_depth = 16;
  config.dma_outstanding = 8;
  MemoryConfig dram;
  dram.name = "dram";
  dram.holds = {isa::Space::Weights, isa::Space::Activations};
  dram.bandwidth = BytesPerSecond(16'000'000'000);
  dram.latency = Picoseconds(20'000);
  config.memories = {dram};
  return config;
}

/// A network, `samples` rows of inputs for it, and how many go through it together.
struct Work {
  QuantGraph graph;
  std::vector<std::int8_t> input;
  std::uint32_t samples = 0;
  std::uint32_t batch = 0;

  CompiledProgram compile_for(const ArrayConfig& config) const {
    return compile(graph, config, input, batch);
  }
};

/// `widths`: the inputs of the first layer, then the outputs of each.
inline Work network(const std::vector<std::uint32_t>& widths,
                    const std::vector<Activation>& activations, std::uint32_t samples,
                    std::uint32_t batch, std::uint64_t seed = 1) {
  Graph graph;
  graph.name = "network";
  graph.seed = seed;
  graph.input_shape = {widths.front()};
  graph.input_range = ValueRange{-1.0F, 1.0F};
  for (std::size_t i = 0; i < activations.size(); ++i) {
    DenseLayer layer;
    layer.name = fmt::format("fc{}", i + 1);
    layer.inputs = widths[i];
    layer.outputs = widths[i + 1];
    layer.activation = activations[i];
    graph.layers.push_back(std::move(layer));
  }
  fill_weights(graph);
  const std::vector<float> inputs = synthetic_inputs(graph, samples, seed + 1);
  Work work;
  work.graph = quantise(graph, inputs, samples);
  work.input = quantise_input(inputs, work.graph.input);
  work.samples = samples;
  work.batch = batch;
  return work;
}

/// One layer without a function.
inline Work layer(std::uint32_t inputs, std::uint32_t outputs, std::uint32_t samples = 1) {
  return network({inputs, outputs}, {Activation::None}, samples, samples);
}

inline bool softmax(const QuantDense& layer) { return layer.softmax_table.has_value(); }

}  // namespace systol::test
