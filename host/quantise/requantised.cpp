#include "host/quantise/requantised.h"

#include <algorithm>
#include <utility>

#include "host/quantise/symmetric.h"
#include "host/quantise/tables.h"

namespace systol {
namespace {

/// Builds the nodes anew.
class Requantising {
 public:
  explicit Requantising(const Graph& graph)
      : graph_(graph), connections_(graph), result_(graph), fixed_(result_.fixed_quantisations) {}

  Graph run() {
    result_.nodes.clear();
    for (const Node& node : graph_.nodes) {
      if (fixed_.contains(node.output) && !takes_fixed(node)) {
        add_requantised(node);
      } else {
        result_.nodes.push_back(node);
      }
    }
    return std::move(result_);
  }

 private:
  /// Whether the node can compute its output as the file says, if need be once those before it do.
  bool takes_fixed(const Node& node) {
    const FixedQuantisation wanted = fixed_.at(node.output);
    if (std::holds_alternative<Softmax>(node.operation)) {
      return wanted == FixedQuantisation{kProbability.scale, kProbability.zero_point};
    }
    return !keeps_quantisation(node, connections_) || settled(node.inputs.front(), wanted);
  }

  /// Whether the tensor is `wanted`, or becomes it.
  bool settled(TensorId id, FixedQuantisation wanted) {
    bool alone = connections_.uses(id) == 1;
    const Node* producer = connections_.producer(id);
    while (!fixed_.contains(id) && producer != nullptr &&
           keeps_quantisation(*producer, connections_)) {
      id = producer->inputs.front();
      alone = alone && connections_.uses(id) == 1;
      producer = connections_.producer(id);
    }
    if (const auto found = fixed_.find(id); found != fixed_.end()) {
      return found->second == wanted;
    }
    if (!alone || (producer != nullptr && std::holds_alternative<Softmax>(producer->operation))) {
      return false;
    }
    fixed_[id] = wanted;
    return true;
  }

  void add_requantised(Node node) {
    const TensorId output = node.output;
    const std::string name = node.name + ".requantised";
    result_.tensors.push_back({result_.unique_name(name), graph_.shape(output)});
    node.output = static_cast<TensorId>(result_.tensors.size() - 1);
    const TensorId before = node.output;
    result_.nodes.push_back(std::move(node));
    result_.nodes.push_back({free_node_name(graph_, result_, name),
                             Map{Function::Linear, 1.0F, 0.0F},
                             {before},
                             output});
  }

  const Graph& graph_;
  Connections connections_;
  Graph result_;
  std::map<TensorId, FixedQuantisation>& fixed_;
};

}  // namespace

std::shared_ptr<const Graph> with_fixed_quantisations(const std::shared_ptr<const Graph>& graph) {
  return graph->fixed_quantisations.empty()
             ? graph
             : std::make_shared<const Graph>(Requantising(*graph).run());
}

}  // namespace systol
