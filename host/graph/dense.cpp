#include "host/graph/dense.h"

namespace systol {

DenseConstants add_dense_constants(Graph& graph, const std::string& name, MatMulShape shape) {
  return {graph.add_constant(name + ".weights", {shape.inputs, shape.outputs}),
          graph.add_constant(name + ".bias", {shape.outputs})};
}

TensorId add_dense(Graph& graph, const std::string& name, TensorId input, std::uint32_t outputs) {
  const auto inputs = static_cast<std::uint32_t>(elements(graph.shape(input)));
  const DenseConstants constants = add_dense_constants(graph, name, {inputs, outputs});
  return graph.add_node(name, MatMul{}, {input, constants.weights, constants.bias});
}

}  // namespace systol
