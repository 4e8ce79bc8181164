#include "host/compile/compile.h"

#include <fmt/format.h>

#include "host/compile/lowering.h"
#include "sim/base/error.h"

namespace systol {
namespace {

constexpr std::uint64_t kLargestTensors = std::uint64_t{8} << 30;

/// The input, then each step's output, one behind the other.
std::vector<std::uint64_t> place_tensors(const QuantGraph& graph, std::uint32_t rows, bool resident,
                                         std::uint64_t& size) {
  const std::vector<Step> steps = steps_of(graph);
  std::vector<std::uint64_t> tensors{0};
  size = std::uint64_t{rows} * steps.front().inputs;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    tensors.push_back(size);
    // Between the first and the last, a resident tensor never leaves the chip.
    const bool stored = !resident || i + 1 == steps.size();
    size += stored ? std::uint64_t{rows} * steps[i].outputs : 0;
    if (size > kLargestTensors) {
      throw InputError(
          fmt::format("{} samples need more than {} bytes of activations; "
                      "give fewer samples",
                      rows, kLargestTensors));
    }
  }
  return tensors;
}

}  // namespace

CompiledProgram compile(const QuantGraph& graph, const ArrayConfig& config,
                        std::span<const std::int8_t> input, std::uint32_t batch) {
  const auto rows = static_cast<std::uint32_t>(input.size() / graph.layers.front().inputs);
  CompiledProgram compiled;
  isa::Program& program = compiled.program;
  Network network{graph, config, {}, {}, rows, std::min(batch, rows)};
  isa::Segment weights{isa::Space::Weights, 0, {}};
  for (const QuantDense& layer : graph.layers) {
    program.layers.push_back(layer.name);
    network.constants.push_back(append_constants(layer, config, weights.bytes));
  }
  const bool resident = resident_rows(graph, config) > 0;
  std::uint64_t activation_bytes = 0;
  network.tensors = place_tensors(graph, rows, resident, activation_bytes);
  program.space_bytes = {weights.bytes.size(), activation_bytes};
  program.image.push_back(std::move(weights));
  program.image.push_back({isa::Space::Activations, 0, {input.begin(), input.end()}});

  Schedule schedule(program.commands);
  if (resident) {
    lower_resident(network, schedule);
  } else {
    lower_streaming(network, schedule);
  }
  compiled.output = {network.tensors.back(), rows, graph.layers.back().outputs};
  return compiled;
}

}  // namespace systol
