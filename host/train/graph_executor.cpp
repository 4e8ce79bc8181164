#include "host/train/graph_executor.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "host/train/node_kernels.h"

namespace systol {

std::vector<bool> needed_tensors(const Graph& graph) {
  std::vector<bool> result(graph.tensors.size());
  for (const TensorId id : graph.outputs) {
    result[index_of(id)] = true;
  }
  for (std::size_t i = graph.nodes.size(); i-- > 0;) {
    const Node& node = graph.nodes[i];
    if (result[index_of(node.output)]) {
      for (const TensorId id : node.inputs) {
        result[index_of(id)] = true;
      }
    }
  }
  return result;
}

GraphExecutor::GraphExecutor(const Graph& graph, Multiplier& product)
    : graph_(graph), memory_(graph.tensors.size()), values_(graph.tensors.size()) {
  const auto take = [&](TensorId id) {
    memory_[index_of(id)].resize(elements(graph.shape(id)));
    values_[index_of(id)] = memory_[index_of(id)].data();
  };
  for (const TensorId id : graph.inputs) {
    take(id);
  }
  for (const Constant& constant : graph.constants) {
    memory_[index_of(constant.tensor)] = constant.values;
    values_[index_of(constant.tensor)] = memory_[index_of(constant.tensor)].data();
  }
  const std::vector<bool> runs = needed_tensors(graph);
  NodeKernels kernels(*this, product);
  for (const Node& node : graph.nodes) {
    if (runs[index_of(node.output)]) {
      steps_.push_back({&node, kernels.of(node)});
      if (steps_.back().compute) {
        take(node.output);
      }
    }
  }
}

std::span<float> GraphExecutor::input(TensorId id) {
  return {values_[index_of(id)], elements(graph_.shape(id))};
}

void GraphExecutor::bind(TensorId id, std::span<float> values) {
  memory_[index_of(id)] = {};
  values_[index_of(id)] = values.data();
}

std::span<const float> GraphExecutor::values(TensorId id) const {
  return {values_[index_of(id)], elements(graph_.shape(id))};
}

void GraphExecutor::run(const std::function<void(const Node& node)>& begins) {
  for (const Step& step : steps_) {
    if (step.compute) {
      if (begins) {
        begins(*step.node);
      }
      step.compute();
    } else {
      values_[index_of(step.node->output)] = values_[index_of(step.node->inputs.front())];
    }
  }
}

const Node* GraphExecutor::first_not_finite() const {
  const auto found = std::ranges::find_if(
      steps_, [&](const Step& step) { return !all_finite(values(step.node->output)); });
  return found == steps_.end() ? nullptr : found->node;
}

bool all_finite(std::span<const float> values) {
  constexpr std::uint32_t kExponent = 0x7f800000;
  std::uint32_t largest = 0;
  for (const float value : values) {
    largest = std::max(largest, std::bit_cast<std::uint32_t>(value) & kExponent);
  }
  return largest != kExponent;
}

}  // namespace systol
