#include "host/graph/graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "host/graph/free_names.h"
#include "host/graph/infer.h"

namespace systol {

TensorId Graph::add_input(std::string tensor_name, Shape shape) {
  tensors.push_back({std::move(tensor_name), std::move(shape)});
  inputs.push_back(static_cast<TensorId>(tensors.size() - 1));
  return inputs.back();
}

TensorId Graph::add_constant(std::string tensor_name, Shape shape, std::vector<float> values,
                             ValueSource source) {
  tensors.push_back({std::move(tensor_name), std::move(shape)});
  constants.push_back(
      {static_cast<TensorId>(tensors.size() - 1), std::move(values), std::move(source)});
  return constants.back().tensor;
}

TensorId Graph::add_node(std::string node_name, Operation operation,
                         std::vector<TensorId> node_inputs) {
  std::vector<Shape> shapes;
  shapes.reserve(node_inputs.size());
  for (const TensorId input : node_inputs) {
    shapes.push_back(shape(input));
  }
  Shape inferred = infer_shape(operation, shapes, place_of(*this, node_name, operation));
  tensors.push_back({node_name, std::move(inferred)});
  const auto output = static_cast<TensorId>(tensors.size() - 1);
  nodes.push_back({std::move(node_name), std::move(operation), std::move(node_inputs), output});
  return output;
}

const Constant* Graph::constant(TensorId id) const {
  const auto found = std::ranges::lower_bound(constants, id, {}, &Constant::tensor);
  return found == constants.end() || found->tensor != id ? nullptr : &*found;
}

Constant* Graph::constant(TensorId id) {
  return const_cast<Constant*>(std::as_const(*this).constant(id));
}

std::size_t Graph::uses(TensorId id) const {
  auto count = static_cast<std::size_t>(std::ranges::count(outputs, id));
  for (const Node& node : nodes) {
    count += static_cast<std::size_t>(std::ranges::count(node.inputs, id));
  }
  count += static_cast<std::size_t>(std::ranges::count(states, id, &State::next));
  return count;
}

const Node* Graph::producer(TensorId id) const {
  const auto found = std::ranges::find(nodes, id, &Node::output);
  return found == nodes.end() ? nullptr : &*found;
}

std::string Graph::unique_name(const std::string& wanted) const {
  const bool taken = std::ranges::find(tensors, wanted, &Tensor::name) != tensors.end();
  return taken ? FreeNames(*this).name(wanted) : wanted;
}

bool Graph::has_values() const {
  return std::ranges::none_of(constants,
                              [](const Constant& constant) { return constant.values.empty(); });
}

void Graph::load_values() {
  for (Constant& constant : constants) {
    if (constant.values.empty() && constant.source) {
      constant.values = constant.source();
      constant.source = nullptr;
      constant.parts = nullptr;
    }
  }
}

std::uint32_t Graph::input_size() const {
  std::uint64_t size = 0;
  for (const TensorId input : inputs) {
    size += elements(shape(input));
  }
  return static_cast<std::uint32_t>(size);
}

std::uint32_t Graph::output_size() const {
  return static_cast<std::uint32_t>(elements(shape(outputs.front())));
}

MatMulShape matmul_shape(const Graph& graph, const Node& node) {
  const Shape& weights = graph.shape(node.inputs[1]);
  return {static_cast<std::uint32_t>(weights[0]), static_cast<std::uint32_t>(weights[1])};
}

}  // namespace systol
