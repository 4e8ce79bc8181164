// Quantised networks with made-up weights, and arrays to compile them for.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "host/compile/program.h"
#include "host/graph/dense.h"
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

/// The function after a matmul.
enum class Activation : std::uint8_t { None, Relu, LeakyRelu, Sigmoid, Tanh, Softmax };

/// A program with all its commands, and where it leaves its first output.
struct CompiledProgram {
  isa::Program program;
  OutputPlace output;
};

/// A network, `samples` rows of inputs for it, and how many go through it together.
struct Work {
  std::shared_ptr<const QuantGraph> graph;
  std::vector<std::int8_t> input;
  std::uint32_t samples = 0;
  std::uint32_t batch = 0;

  NetworkProgram program_for(const ArrayConfig& config) const {
    return {graph, config, samples, batch};
  }
  CompiledProgram compile_for(const ArrayConfig& config) const {
    const NetworkProgram program = program_for(config);
    return {program.whole(input), program.outputs().front()};
  }
  /// The steps that the machine runs.
  std::vector<Step> steps() const { return steps_of(*graph->graph).steps; }
  const QuantMatMul& matmul(const Step& step) const {
    return std::get<QuantMatMul>(graph->nodes[step.node]);
  }
};

inline TensorId add_activation(Graph& graph, TensorId sums, Activation activation) {
  const std::string name = fmt::format("f{}", graph.nodes.size());
  if (activation == Activation::None) {
    return sums;
  }
  if (activation == Activation::Softmax) {
    return graph.add_node(name, Softmax{}, {sums});
  }
  const auto function = static_cast<Function>(static_cast<int>(activation) - 1);
  return graph.add_node(name, Map{function}, {sums});
}

/// Quantised, with made-up weights and samples.
inline Work work_of(Graph graph, std::uint32_t samples, std::uint32_t batch,
                    std::uint32_t weight_bits = 8) {
  fill_constants(graph);
  const auto shared = std::make_shared<const Graph>(std::move(graph));
  const std::vector<float> inputs = synthetic_inputs(*shared, samples, shared->seed + 1);
  Work work;
  work.graph =
      std::make_shared<const QuantGraph>(quantise(shared, inputs, samples, {}, {}, weight_bits));
  work.input = quantise_inputs(*work.graph, inputs);
  work.samples = samples;
  work.batch = batch;
  return work;
}

/// `widths`: the inputs of the first matmul, then the outputs of each.
inline Work network(const std::vector<std::uint32_t>& widths,
                    const std::vector<Activation>& activations, std::uint32_t samples,
                    std::uint32_t batch, std::uint64_t seed = 1) {
  Graph graph;
  graph.name = "network";
  graph.seed = seed;
  graph.input_range = ValueRange{-1.0F, 1.0F};
  TensorId current = graph.add_input("input", {widths.front()});
  for (std::size_t i = 0; i < activations.size(); ++i) {
    current = add_dense(graph, fmt::format("fc{}", i + 1), current, widths[i + 1]);
    current = add_activation(graph, current, activations[i]);
  }
  graph.outputs = {current};
  return work_of(std::move(graph), samples, batch);
}

/// One matmul without a function.
inline Work layer(std::uint32_t inputs, std::uint32_t outputs, std::uint32_t samples = 1) {
  return network({inputs, outputs}, {Activation::None}, samples, samples);
}

}  // namespace systol::test
