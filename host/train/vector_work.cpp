#include "host/train/vector_work.h"

#include <algorithm>

#include "host/graph/infer.h"
#include "host/train/graph_executor.h"
#include "host/train/step_matmuls.h"

namespace systol {
namespace {

__extension__ using Wide = unsigned __int128;  // products of two 64-bit numbers

constexpr std::uint64_t kBytes = sizeof(float);
/// Of an exponential, a root, a quotient and their like, as a polynomial or Newton's steps.
constexpr std::uint64_t kFunction = 8;

std::uint64_t rounded_up(Wide value, std::uint64_t by) {
  return static_cast<std::uint64_t>((value + by - 1) / by);
}

std::uint64_t operations_of(const Map& map) {
  switch (map.function) {
    case Function::Relu:
    case Function::Abs:
    case Function::Step:
    case Function::Sign:
      return 1;
    case Function::LeakyRelu:
    case Function::Clip:
    case Function::Linear:
      return 2;
    case Function::HardSigmoid:
    case Function::HardSwish:
      return 4;
    default:
      return kFunction;
  }
}

/// Operations of a node whose first input has so many values, and its output so many.
struct OperationsOf {
  const Graph& graph;
  const Node& node;
  std::uint64_t inputs;
  std::uint64_t outputs;

  /// Distances: a difference's magnitude, and its addition.
  std::uint64_t operator()(const MatMul&) const {
    return 2 * outputs * static_cast<std::uint64_t>(graph.shape(node.inputs[0]).back());
  }
  std::uint64_t operator()(const Map& map) const { return operations_of(map) * outputs; }
  std::uint64_t operator()(const Binary&) const { return outputs; }
  std::uint64_t operator()(const Mean&) const { return inputs + outputs; }
  /// The largest, a difference, an exponential, a sum, and a product with the sum's reciprocal.
  std::uint64_t operator()(const Softmax&) const { return (4 + kFunction) * outputs; }
  /// A mean, differences, their squares, their sum, and a product with the root's reciprocal.
  std::uint64_t operator()(const Normalise&) const { return 5 * outputs; }
  /// Moves.
  template <class Other>
  std::uint64_t operator()(const Other&) const {
    return 0;
  }
};

/// What a node costs nothing for: a product of the array, another name, a matrix that is turned.
bool is_free(const Graph& graph, const Node& node) {
  const auto* matmul = std::get_if<MatMul>(&node.operation);
  return (matmul != nullptr && matmul->similarity == Similarity::Product) ||
         std::holds_alternative<Reshape>(node.operation) ||
         (only_turns(node) && std::ranges::all_of(graph.nodes, [&](const Node& reader) {
            return std::ranges::count(reader.inputs, node.output) == 0 ||
                   (std::holds_alternative<MatMul>(reader.operation) &&
                    reader.inputs[0] == node.output);
          }));
}

struct UpdateCost {
  std::uint64_t operations = 0;  ///< of a value
  std::uint64_t reads = 0;       ///< values, the gradient among them
  std::uint64_t writes = 0;
};

UpdateCost update_of(const OptimiserSettings& optimiser) {
  switch (optimiser.kind) {
    case OptimiserKind::Sgd:
      return optimiser.momentum > 0 ? UpdateCost{4, 3, 2} : UpdateCost{2, 2, 1};
    case OptimiserKind::SignSgd:
      return optimiser.momentum > 0 ? UpdateCost{6, 3, 2} : UpdateCost{3, 2, 1};
    case OptimiserKind::Adam:
      break;
  }
  // Two averages, their corrections, a root, the sum with epsilon, a quotient, and the step.
  return {3 + 4 + 2 + kFunction + 1 + kFunction + 2, 4, 3};
}

const MemoryConfig& activations_of(const ArrayConfig& config) {
  return *std::ranges::find_if(config.memories, [](const MemoryConfig& memory) {
    return std::ranges::count(memory.holds, isa::Space::Activations) > 0;
  });
}

/// The loss's value: of each output a difference, a product and an addition, of each sample a
/// logarithm.
VectorPass loss_pass(const TrainingGraph& step) {
  const std::uint64_t outputs = elements(step.graph.shape(step.scores));
  const auto samples = static_cast<std::uint64_t>(step.batch);
  return {VectorPart::Loss, 3 * outputs + kFunction * samples, 2 * kBytes * outputs,
          kBytes * samples};
}

}  // namespace

VectorWork& VectorWork::operator+=(const VectorWork& other) {
  operations += other.operations;
  read_bytes += other.read_bytes;
  written_bytes += other.written_bytes;
  cycles += other.cycles;
  return *this;
}

VectorWork VectorWork::operator*(std::uint64_t times) const {
  return {operations * times, read_bytes * times, written_bytes * times, cycles * times};
}

VectorWork total(const VectorParts& parts) {
  VectorWork sum;
  for (const VectorWork& part : parts) {
    sum += part;
  }
  return sum;
}

Cycles cycles_of(const VectorPass& pass, const ArrayConfig& config) {
  constexpr std::uint64_t kPicoseconds = 1'000'000'000'000;
  const MemoryConfig& memory = activations_of(config);
  const std::uint64_t clock = config.clock.count();
  const std::uint64_t lanes = rounded_up(pass.operations, config.columns);
  const Wide bytes = Wide{pass.read_bytes} + pass.written_bytes;
  const std::uint64_t moved =
      memory.bandwidth ? rounded_up(bytes * clock, memory.bandwidth->count()) : 0;
  const std::uint64_t latency = rounded_up(Wide{memory.latency.count()} * clock, kPicoseconds);
  return Cycles(std::max(lanes, moved) + latency);
}

VectorParts vector_parts(const std::vector<VectorPass>& passes, const ArrayConfig& config) {
  VectorParts parts;
  for (const VectorPass& pass : passes) {
    parts[static_cast<std::size_t>(pass.part)] +=
        {pass.operations, pass.read_bytes, pass.written_bytes, cycles_of(pass, config)};
  }
  return parts;
}

std::vector<VectorPass> graph_passes(const TrainingGraph& step) {
  const Graph& graph = step.graph;
  const std::vector<bool> runs = needed_tensors(graph);
  std::vector<VectorPass> passes;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (!runs[index_of(node.output)] || is_free(graph, node)) {
      continue;
    }
    std::uint64_t read = 0;
    for (const TensorId input : node.inputs) {
      read += elements(graph.shape(input));
    }
    const std::uint64_t written = elements(graph.shape(node.output));
    const std::uint64_t operations = std::visit(
        OperationsOf{graph, node, elements(graph.shape(node.inputs[0])), written}, node.operation);
    const StepNodeOrigin& origin = step.origins[i];
    const auto part =
        origin.layer.empty() ? VectorPart::Loss : static_cast<VectorPart>(origin.part);
    passes.push_back({part, operations, kBytes * read, kBytes * written});
  }
  if (!step.gradients.empty()) {
    passes.push_back(loss_pass(step));
  }
  return passes;
}

std::vector<VectorPass> update_passes(const TrainingGraph& step,
                                      const OptimiserSettings& optimiser) {
  const UpdateCost update = update_of(optimiser);
  std::vector<VectorPass> passes;
  for (std::size_t i = 0; i < step.gradients.size(); ++i) {
    if (std::ranges::count(step.graph.outputs, step.gradients[i]) > 0) {
      const std::uint64_t values = elements(step.graph.shape(step.parameters[i]));
      passes.push_back({VectorPart::Update, update.operations * values,
                        kBytes * update.reads * values, kBytes * update.writes * values});
    }
  }
  return passes;
}

}  // namespace systol
