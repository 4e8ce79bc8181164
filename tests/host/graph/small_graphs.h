// Graphs of a few nodes, and what they hold.
#pragma once

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/graph/dense.h"
#include "sim/base/error.h"

namespace systol::test {

/// x [inputs] -> matmul "d" with these constants -> `function`, called "f".
inline Graph one_matmul(MatMulShape shape, std::vector<float> weights, std::vector<float> bias,
                        std::optional<Operation> function = std::nullopt) {
  Graph graph;
  graph.name = "net";
  const TensorId input = graph.add_input("x", {shape.inputs});
  const TensorId output = add_dense(graph, "d", input, shape.outputs);
  graph.constants[0].values = std::move(weights);
  graph.constants[1].values = std::move(bias);
  graph.outputs = {function ? graph.add_node("f", *function, {output}) : output};
  return graph;
}

struct ConstantValues {
  Shape shape;
  std::vector<float> values;
};

/// Node "n", which reads inputs "x0", "x1", ... of these shapes, then constants "k0", "k1", ...
inline Graph one_node(Operation operation, const std::vector<Shape>& inputs,
                      const std::vector<ConstantValues>& constants = {}) {
  Graph graph;
  graph.name = "net";
  std::vector<TensorId> read;
  for (const Shape& shape : inputs) {
    read.push_back(graph.add_input("x" + std::to_string(read.size()), shape));
  }
  for (const ConstantValues& constant : constants) {
    read.push_back(graph.add_constant("k" + std::to_string(graph.constants.size()), constant.shape,
                                      constant.values));
  }
  graph.outputs = {graph.add_node("n", std::move(operation), read)};
  return graph;
}

/// The values of the constant of this name.
inline const std::vector<float>& values_of(const Graph& graph, std::string_view name) {
  for (const Constant& constant : graph.constants) {
    if (graph.tensor(constant.tensor).name == name) {
      return constant.values;
    }
  }
  throw std::out_of_range("the graph has no constant of this name");
}

inline std::size_t count_matmuls(const Graph& graph) {
  return static_cast<std::size_t>(std::ranges::count_if(graph.nodes, [](const Node& node) {
    return std::holds_alternative<MatMul>(node.operation);
  }));
}

/// The message of the InputError that `action` throws.
template <class Action>
std::string input_error_of(Action action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace systol::test
