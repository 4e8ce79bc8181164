#include "host/train/backward.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "sim/base/error.h"

namespace systol {
namespace {

class BackwardPass {
 public:
  BackwardPass(Graph& graph, std::span<const TensorId> wanted, DistanceRule rule)
      : graph_(graph),
        rule_(rule),
        first_(graph.nodes.size()),
        depends_(graph.tensors.size()),
        gradients_(graph.tensors.size()) {
    for (const TensorId id : wanted) {
      depends_[index_of(id)] = true;
    }
    for (const Node& node : graph.nodes) {
      depends_[index_of(node.output)] =
          depends_[index_of(node.output)] ||
          std::ranges::any_of(node.inputs, [&](TensorId id) { return depends_[index_of(id)]; });
    }
  }

  void add(TensorId id, TensorId gradient) {
    std::optional<TensorId>& sum = gradients_[index_of(id)];
    sum = sum ? graph_.add_node(graph_.unique_name(graph_.tensor(id).name + ".gradient.sum"),
                                Binary{BinaryFunction::Add}, {*sum, gradient})
              : gradient;
  }

  void run() {
    for (std::size_t i = graph_.nodes.size(); i-- > 0;) {
      const Node node = graph_.nodes[i];  // a copy: the list grows
      const std::optional<TensorId> gradient = gradients_[index_of(node.output)];
      if (!gradient || !depends_[index_of(node.output)]) {
        continue;
      }
      for (std::size_t input = 0; input < node.inputs.size(); ++input) {
        if (depends_[index_of(node.inputs[input])]) {
          add(node.inputs[input], GradientRules(graph_, node, *gradient, rule_).gradient_of(input));
          sources_.resize(graph_.nodes.size() - first_, {i, input});
        }
      }
    }
  }

  TensorId gradient(TensorId id) const {
    if (!gradients_[index_of(id)]) {
      throw InputError(fmt::format("{}: the output does not depend on '{}'", graph_.place(),
                                   graph_.tensor(id).name));
    }
    return *gradients_[index_of(id)];
  }
  std::vector<Backward::Source> take_sources() { return std::move(sources_); }

 private:
  Graph& graph_;
  DistanceRule rule_;
  std::size_t first_;                               ///< of the nodes that are appended
  std::vector<bool> depends_;                       ///< on what is wanted; of the forward nodes
  std::vector<std::optional<TensorId>> gradients_;  ///< the same
  std::vector<Backward::Source> sources_;
};

}  // namespace

Backward append_backward(Graph& graph, TensorId output, TensorId gradient,
                         std::span<const TensorId> wanted, DistanceRule rule) {
  BackwardPass pass(graph, wanted, rule);
  pass.add(output, gradient);
  pass.run();
  Backward backward;
  for (const TensorId id : wanted) {
    backward.gradients.push_back(pass.gradient(id));
  }
  backward.sources = pass.take_sources();
  return backward;
}

}  // namespace systol
