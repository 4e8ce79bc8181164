#include "host/train/batch_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "host/graph/infer.h"
#include "host/train/batch_window.h"
#include "sim/base/error.h"

namespace systol {
namespace {

bool has_weights(const Operation& operation) {
  return std::holds_alternative<MatMul>(operation) ||
         std::holds_alternative<Convolution>(operation);
}

/// Whether the node multiplies what is `normal` by a constant of several values, or adds one.
bool scales(const Graph& network, const Node& node, const std::vector<bool>& normal) {
  const auto* binary = std::get_if<Binary>(&node.operation);
  if (binary == nullptr ||
      (binary->function != BinaryFunction::Multiply && binary->function != BinaryFunction::Add)) {
    return false;
  }
  const auto is_normal = [&](TensorId id) { return normal[index_of(id)]; };
  const auto is_scale = [&](TensorId id) {
    return network.constant(id) != nullptr && elements(network.shape(id)) > 1;
  };
  return std::ranges::any_of(node.inputs, is_normal) && std::ranges::any_of(node.inputs, is_scale);
}

/// The list with a value for the samples before the others.
Shape with_batch(std::int64_t batch, const Shape& shape) {
  Shape result{batch};
  result.insert(result.end(), shape.begin(), shape.end());
  return result;
}

class Batching {
 public:
  Batching(const Graph& network, std::int64_t batch) : network_(network), batch_(batch) {
    result_.tensors.resize(network.tensors.size());
    graph().name = network.name;
    graph().file = network.file;
  }

  BatchGraph build() {
    check();
    const TensorId input = network_.inputs.front();
    define(input, graph().add_input(network_.tensor(input).name,
                                    with_batch(batch_, network_.shape(input))));
    add_constants();
    for (std::size_t i = 0; i < network_.nodes.size(); ++i) {
      const Node& node = network_.nodes[i];
      node_ = &node;
      define(node.output, std::visit(*this, node.operation));
      result_.sources.resize(graph().nodes.size(), i);
    }
    graph().outputs = {at(network_.outputs.front())};
    return std::move(result_);
  }

  TensorId operator()(const MatMul& matmul) {
    const std::string name = node_->inputs.size() > 2 ? node_->name + ".product" : node_->name;
    return biased(add(name, matmul, {input(0), input(1)}));
  }

  TensorId operator()(const Convolution& convolution) {
    WindowLowering lowering(graph(), node_->name);
    return biased(lowering.convolution(convolution, input(0), input(1), output_shape()));
  }

  TensorId operator()(const Pool& pool) {
    return WindowLowering(graph(), node_->name).pool(pool, input(0), output_shape());
  }

  TensorId operator()(const Binary& binary) {
    return add(node_->name, binary, {raised(0), raised(1)});
  }

  TensorId operator()(const Reshape& reshape) {
    return add(node_->name, Reshape{with_batch(batch_, reshape.shape)}, {input(0)});
  }

  TensorId operator()(const Concat& concat) {
    std::vector<TensorId> inputs;
    for (std::size_t i = 0; i < node_->inputs.size(); ++i) {
      if (network_.constant(node_->inputs[i]) != nullptr) {
        fail("it joins a constant to values, which training does not support");
      }
      inputs.push_back(input(i));
    }
    return add(node_->name, Concat{concat.axis + 1}, inputs);
  }

  TensorId operator()(const Slice& slice) {
    return add(node_->name,
               Slice{with_batch(0, slice.starts), with_batch(batch_, slice.sizes),
                     with_batch(1, slice.steps)},
               {input(0)});
  }

  TensorId operator()(const Transpose& transpose) {
    Shape permutation{0};
    for (const std::int64_t axis : transpose.permutation) {
      permutation.push_back(axis + 1);
    }
    return add(node_->name, Transpose{permutation}, {input(0)});
  }

  TensorId operator()(const Pad& pad) {
    return add(node_->name,
               Pad{with_batch(0, pad.before), with_batch(0, pad.after), with_batch(0, pad.between),
                   pad.value},
               {input(0)});
  }

  TensorId operator()(const Repeat& repeat) {
    return add(node_->name, Repeat{with_batch(1, repeat.factors)}, {input(0)});
  }

  TensorId operator()(const Normalise& normalise) {
    if (normalise.spatial) {
      fail("training does not support it");
    }
    return add(node_->name, normalise, {input(0)});
  }

  TensorId operator()(const Map& map) { return add(node_->name, map, {input(0)}); }
  TensorId operator()(const Softmax& softmax) { return add(node_->name, softmax, {input(0)}); }
  TensorId operator()(const Mean& mean) { return add(node_->name, mean, {input(0)}); }

 private:
  Graph& graph() { return result_.graph; }
  TensorId at(TensorId id) const { return result_.tensors[index_of(id)]; }
  void define(TensorId id, TensorId value) { result_.tensors[index_of(id)] = value; }
  TensorId input(std::size_t index) const { return at(node_->inputs[index]); }
  Shape output_shape() const { return with_batch(batch_, network_.shape(node_->output)); }

  [[noreturn]] void fail(const std::string& problem) const {
    throw InputError(fmt::format("{}: {}", place_of(network_, *node_), problem));
  }

  TensorId add(const std::string& name, const Operation& operation,
               const std::vector<TensorId>& inputs) {
    return graph().add_node(graph().unique_name(name), operation, inputs);
  }

  bool parameter(std::size_t index) const {
    return network_.constant(node_->inputs[index]) != nullptr;
  }

  TensorId biased(TensorId sums) {
    return node_->inputs.size() < 3
               ? sums
               : add(node_->name, Binary{BinaryFunction::Add}, {sums, input(2)});
  }

  /// With as many axes of a sample as the output has: missing ones are of extent 1. Constants have
  /// no samples, and their missing axes are the first.
  TensorId raised(std::size_t index) {
    const TensorId id = node_->inputs[index];
    const std::size_t rank = network_.shape(node_->output).size();
    const Shape& shape = network_.shape(id);
    if (parameter(index) || shape.size() == rank) {
      return at(id);
    }
    Shape wanted(rank - shape.size(), 1);
    wanted.insert(wanted.end(), shape.begin(), shape.end());
    return add(node_->name + ".raised", Reshape{with_batch(batch_, wanted)}, {at(id)});
  }

  void check() const {
    const auto refuse = [&](const std::string& problem) {
      throw InputError(fmt::format("{}: {}", network_.place(), problem));
    };
    if (network_.inputs.size() != 1 || network_.outputs.size() != 1) {
      refuse(fmt::format("it has {} inputs and {} outputs; a network with one of each is trained",
                         network_.inputs.size(), network_.outputs.size()));
    }
    if (!network_.states.empty()) {
      refuse("it has states; such a network is not trained");
    }
    if (!network_.lookups.empty()) {
      refuse("it looks rows up; such a network is trained on a --text alone");
    }
  }

  /// Parameters become inputs, all others stay constants.
  void add_constants() {
    for (const TensorId id : parameters_of(network_)) {
      define(id, graph().add_input(network_.tensor(id).name, network_.shape(id)));
      result_.parameters.push_back(at(id));
    }
    const std::vector<TensorId> trained = parameters_of(network_);
    for (const Constant& constant : network_.constants) {
      if (std::ranges::find(trained, constant.tensor) == trained.end()) {
        define(constant.tensor,
               graph().add_constant(network_.tensor(constant.tensor).name,
                                    network_.shape(constant.tensor), constant.values));
      }
    }
  }

  const Graph& network_;
  std::int64_t batch_;
  const Node* node_ = nullptr;
  BatchGraph result_;
};

}  // namespace

std::vector<TensorId> parameters_of(const Graph& network) {
  std::vector<TensorId> parameters;
  std::vector<bool> normal(network.tensors.size());  // normalised, then scaled and shifted
  for (const Node& node : network.nodes) {
    normal[index_of(node.output)] =
        std::holds_alternative<Normalise>(node.operation) || scales(network, node, normal);
    const std::size_t first = has_weights(node.operation)     ? 1
                              : normal[index_of(node.output)] ? 0
                                                              : node.inputs.size();
    for (std::size_t i = first; i < node.inputs.size(); ++i) {
      if (network.constant(node.inputs[i]) != nullptr &&
          std::ranges::find(parameters, node.inputs[i]) == parameters.end()) {
        parameters.push_back(node.inputs[i]);
      }
    }
  }
  return parameters;
}

BatchGraph batched(const Graph& network, std::int64_t batch) {
  return Batching(network, batch).build();
}

}  // namespace systol
