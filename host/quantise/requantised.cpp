#include "host/quantise/requantised.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "host/graph/connections.h"
#include "host/quantise/rewriting.h"
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
    const std::vector<TensorId> alike = unchanged_from(id, connections_);
    for (const TensorId tensor : alike) {
      if (const auto found = fixed_.find(tensor); found != fixed_.end()) {
        return found->second == wanted;
      }
    }
    const Node* producer = connections_.producer(alike.back());
    const bool alone = std::ranges::all_of(
        alike, [this](TensorId tensor) { return connections_.uses(tensor) == 1; });
    if (!alone || (producer != nullptr && std::holds_alternative<Softmax>(producer->operation))) {
      return false;
    }
    fixed_[alike.back()] = wanted;
    return true;
  }

  void add_requantised(Node node) {
    const TensorId output = node.output;
    const std::string name = node.name + ".requantised";
    const TensorId before = add_tensor(result_, name, output);
    node.output = before;
    result_.nodes.push_back(std::move(node));
    result_.nodes.push_back(requantising(graph_, result_, name, before, output));
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
