#include "host/session/node_progress.h"

#include <algorithm>

#include "host/graph/work.h"

namespace systol {
namespace {

/// Of `all`, which may be 0.
double share(std::uint64_t done, std::uint64_t all) {
  return all == 0 ? 0.0 : static_cast<double>(std::min(done, all)) / static_cast<double>(all);
}

}  // namespace

ConstantProgress::ConstantProgress(const Graph& graph, const Progress& progress)
    : graph_(graph), progress_(progress) {
  for (const Node& node : graph.nodes) {
    std::uint64_t values = 0;
    for (const TensorId input : node.inputs) {
      values += graph.constant(input) == nullptr ? 0 : elements(graph.shape(input));
    }
    values_.push_back(values);
    all_ += values;
  }
}

void ConstantProgress::filled(std::size_t node) {
  done_ += values_[node];
  if (progress_) {
    progress_({"making up weights",
               ProgressPosition{
                   node + 1, values_.size(), graph_.nodes[node].name, {}, share(done_, all_)}});
  }
}

NodeProgress::NodeProgress(const Graph& graph, std::size_t samples, std::string_view step,
                           const Progress& progress)
    : graph_(graph), step_(step), progress_(progress) {
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const TensorId output = graph.nodes[i].output;
    const std::uint64_t values = elements(graph.shape(output));
    nodes_[output] = i;
    work_.push_back(values * (1 + depth_of(graph, graph.nodes[i])));
    all_ += work_.back() * samples;
  }
}

void NodeProgress::computed(TensorId id, std::size_t samples) {
  const auto node = nodes_.find(id);
  if (node == nodes_.end()) {
    return;
  }
  if (done_ >= all_) {  // some steps compute the network more than once
    done_ = 0;
  }
  done_ += work_[node->second] * samples;
  progress_(
      {step_, ProgressPosition{node->second + 1, work_.size(), graph_.nodes[node->second].name,
                               std::nullopt, share(done_, all_)}});
}

void NodeProgress::computed(TensorId id, std::span<const float> values) {
  if (nodes_.contains(id)) {
    computed(id, values.size() / std::max<std::size_t>(1, elements(graph_.shape(id))));
  }
}

std::uint64_t macs_of(const isa::Operation& operation) {
  const auto product = [](const auto& matmul) {
    return std::uint64_t{matmul.rows()} * matmul.depth * matmul.columns;
  };
  if (const auto* matmul = std::get_if<isa::Matmul>(&operation)) {
    return product(*matmul);
  }
  const auto* matmul = std::get_if<isa::MatmulOutputStationary>(&operation);
  return matmul == nullptr ? 0 : product(*matmul);
}

void CompileProgress::made(const isa::Command& command) {
  const std::size_t node = command.origin.node;
  done_ += macs_of(command.operation);
  progress_({"compiling",
             ProgressPosition{node + 1, nodes_.size(), nodes_[node], {}, share(done_, macs_)}});
}

void SimulationProgress::completed(std::uint64_t /*index*/, const isa::Command& command,
                                   Cycles /*start*/, Cycles end) {
  const std::size_t node = command.origin.node;
  cycle_ = std::max(cycle_, end);
  done_ += macs_of(command.operation);
  progress_({"simulating",
             ProgressPosition{node + 1, nodes_.size(), nodes_[node], cycle_, share(done_, macs_)}});
}

}  // namespace systol
