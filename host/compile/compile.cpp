#include "host/compile/compile.h"

#include <fmt/format.h>

#include "host/compile/command_stream.h"
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

NetworkProgram::NetworkProgram(const QuantGraph& graph, const ArrayConfig& config,
                               std::uint32_t rows, std::uint32_t batch)
    : graph_(graph),
      config_(config),
      rows_(rows),
      batch_(std::min(batch, rows)),
      resident_(resident_rows(graph, config) > 0),
      tensors_(place_tensors(graph, rows, resident_, activation_bytes_)) {
  std::uint64_t first = 0;
  for (const QuantDense& layer : graph.layers) {
    layers_.push_back(layer.name);
    constants_.push_back(place_constants(layer, config, first));
    first = constants_.back().end;
  }
  output_ = {tensors_.back(), rows, graph.layers.back().outputs};
}

LoadedProgram NetworkProgram::load(std::span<const std::int8_t> input) const {
  return {layers_, MemoryImage(head(input)),
          std::make_unique<CommandStream>([this](const CommandSink& sink) { lower(sink); }),
          output_};
}

isa::Program NetworkProgram::head(std::span<const std::int8_t> input) const {
  isa::Program program;
  program.nodes = layers_;
  program.space_bytes = {constants_.back().end, activation_bytes_};
  if (input.empty()) {
    return program;
  }
  isa::Segment weights{isa::Space::Weights, 0, {}};
  weights.bytes.reserve(constants_.back().end);
  for (std::size_t i = 0; i < graph_.layers.size(); ++i) {
    append_constants(graph_.layers[i], constants_[i], weights.bytes);
  }
  program.image.push_back(std::move(weights));
  program.image.push_back({isa::Space::Activations, 0, {input.begin(), input.end()}});
  return program;
}

void NetworkProgram::lower(const CommandSink& sink) const {
  const Network network{graph_, config_, constants_, tensors_, rows_, batch_};
  Schedule schedule(sink);
  if (resident_) {
    lower_resident(network, schedule);
  } else {
    lower_streaming(network, schedule);
  }
  schedule.finish();
}

LoadedProgram CompiledProgram::load() const {
  return {program.nodes, MemoryImage(program), std::make_unique<CommandList>(program.commands),
          output};
}

CompiledProgram compile(const QuantGraph& graph, const ArrayConfig& config,
                        std::span<const std::int8_t> input, std::uint32_t batch) {
  const auto rows = static_cast<std::uint32_t>(input.size() / graph.layers.front().inputs);
  const NetworkProgram network(graph, config, rows, batch);
  CompiledProgram compiled{network.head(input), network.output()};
  network.lower(append_to(compiled.program.commands));
  return compiled;
}

}  // namespace systol
