#include "host/train/chained.h"

#include <fmt/format.h>

#include <vector>

#include "sim/base/error.h"

namespace systol {

Graph chained(const Graph& first, const Graph& second) {
  const TensorId made = first.outputs.front();
  const TensorId taken = second.inputs.front();
  if (elements(first.shape(made)) != elements(second.shape(taken))) {
    throw InputError(fmt::format("{}: it takes {} values, but {} makes {}", second.place(),
                                 elements(second.shape(taken)), first.place(),
                                 elements(first.shape(made))));
  }
  Graph chain = first;
  std::vector<TensorId> ids(second.tensors.size());
  ids[index_of(taken)] = first.shape(made) == second.shape(taken)
                             ? made
                             : chain.add_node(chain.unique_name(second.tensor(taken).name),
                                              Reshape{second.shape(taken)}, {made});
  for (const Constant& constant : second.constants) {
    const Tensor& tensor = second.tensor(constant.tensor);
    ids[index_of(constant.tensor)] =
        chain.add_constant(chain.unique_name(tensor.name), tensor.shape, constant.values);
  }
  for (const Node& node : second.nodes) {
    std::vector<TensorId> inputs;
    for (const TensorId id : node.inputs) {
      inputs.push_back(ids[index_of(id)]);
    }
    ids[index_of(node.output)] =
        chain.add_node(chain.unique_name(node.name), node.operation, inputs);
  }
  chain.outputs = {ids[index_of(second.outputs.front())]};
  return chain;
}

}  // namespace systol
