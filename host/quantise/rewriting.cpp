#include "host/quantise/rewriting.h"

#include <algorithm>

#include "host/quantise/clamp.h"

namespace systol {
namespace {

struct HasRange {
  bool operator()(const MatMul&) const { return true; }
  bool operator()(const Convolution&) const { return true; }
  bool operator()(const Binary&) const { return true; }
  bool operator()(const Normalise&) const { return true; }
  bool operator()(const Mean&) const { return true; }
  bool operator()(const Pool& pool) const { return pool.kind == PoolKind::Average; }
  bool operator()(const Map& map) const {
    return map.function != Function::Tanh && map.function != Function::Sigmoid &&
           map.function != Function::Sign;
  }
  template <class Other>
  bool operator()(const Other&) const {
    return false;
  }
};

}  // namespace

bool keeps_quantisation(const Node& node, const Connections& connections) {
  struct Keeps {
    bool operator()(const Reshape&) const { return true; }
    bool operator()(const Slice&) const { return true; }
    bool operator()(const Transpose&) const { return true; }
    bool operator()(const Repeat&) const { return true; }
    bool operator()(const Pad&) const { return true; }
    bool operator()(const Pool& pool) const { return pool.kind == PoolKind::Maximum; }
    bool operator()(const MatMul&) const { return false; }
    bool operator()(const Map&) const { return false; }
    bool operator()(const Softmax&) const { return false; }
    bool operator()(const Convolution&) const { return false; }
    bool operator()(const Binary&) const { return false; }
    bool operator()(const Normalise&) const { return false; }
    bool operator()(const Mean&) const { return false; }
    bool operator()(const Concat&) const { return false; }
  };
  return std::visit(Keeps{}, node.operation) || is_clamp(node, connections);
}

bool has_range(const Node& node) { return std::visit(HasRange{}, node.operation); }

std::vector<TensorId> unchanged_from(TensorId tensor, const Connections& connections) {
  std::vector<TensorId> tensors = {tensor};
  const Node* producer = connections.producer(tensor);
  while (producer != nullptr && keeps_quantisation(*producer, connections)) {
    tensors.push_back(producer->inputs.front());
    producer = connections.producer(tensors.back());
  }
  return tensors;
}

TensorId add_tensor(Graph& graph, const std::string& wanted, TensorId like) {
  graph.tensors.push_back({graph.unique_name(wanted), graph.shape(like)});
  return static_cast<TensorId>(graph.tensors.size() - 1);
}

std::string free_node_name(const Graph& before, const Graph& after, const std::string& wanted) {
  const auto taken = [&](const std::string& name) {
    return std::ranges::find(before.nodes, name, &Node::name) != before.nodes.end() ||
           std::ranges::find(after.nodes, name, &Node::name) != after.nodes.end();
  };
  std::string name = wanted;
  for (int number = 2; taken(name); ++number) {
    name = wanted + "_" + std::to_string(number);
  }
  return name;
}

Node requantising(const Graph& before, const Graph& after, const std::string& wanted, TensorId from,
                  TensorId to) {
  return {free_node_name(before, after, wanted), Map{Function::Linear, 1.0F, 0.0F}, {from}, to};
}

}  // namespace systol
