#include "host/quantise/symmetric.h"

#include <algorithm>
#include <map>
#include <utility>

#include "host/quantise/rewriting.h"

namespace systol {
namespace {

/// Builds the nodes anew.
class Rewriting {
 public:
  Rewriting(const Graph& graph, const Connections& connections)
      : graph_(graph), connections_(connections) {}

  /// Whether some product reads what must change, or has a bias. A graph with values is large.
  bool is_needed() const {
    return std::ranges::any_of(graph_.nodes, [this](const Node& node) {
      return is_product(node, connections_) &&
             (node.inputs.size() == 3 || is_asymmetric(node.inputs[0]) ||
              is_asymmetric(node.inputs[1]));
    });
  }

  std::shared_ptr<const Graph> run() {
    result_ = graph_;
    result_.nodes.clear();
    for (const Node& node : graph_.nodes) {
      if (is_product(node, connections_)) {
        add_product(node);
      } else {
        result_.nodes.push_back(node);
      }
    }
    return std::make_shared<const Graph>(std::move(result_));
  }

 private:
  void add_product(Node product) {
    for (std::size_t i = 0; i < 2; ++i) {
      if (is_asymmetric(product.inputs[i])) {
        product.inputs[i] = symmetric(product.inputs[i]);
      }
    }
    if (product.inputs.size() < 3) {
      result_.nodes.push_back(std::move(product));
      return;
    }
    const TensorId sums = add_tensor(result_, product.name + ".product", product.output);
    const Node bias{free_node_name(graph_, result_, product.name + ".bias"),
                    Binary{},
                    {sums, product.inputs[2]},
                    product.output};
    product.inputs.pop_back();
    product.output = sums;
    result_.nodes.push_back(std::move(product));
    result_.nodes.push_back(bias);
  }

  /// Whether the tensor's values have a zero point that nobody may choose: those of a softmax, and
  /// those of which the model's file says so.
  bool is_asymmetric(TensorId id) const {
    id = unchanged_from(id, connections_).back();
    if (const auto fixed = graph_.fixed_quantisations.find(id);
        fixed != graph_.fixed_quantisations.end()) {
      return fixed->second.zero_point != 0;
    }
    const Node* producer = connections_.producer(id);
    return producer != nullptr && std::holds_alternative<Softmax>(producer->operation);
  }

  /// The tensor in a quantisation of its own.
  TensorId symmetric(TensorId id) {
    const auto [place, first] = symmetric_.try_emplace(id, id);
    if (first) {
      const std::string name = graph_.tensor(id).name + ".symmetric";
      place->second = add_tensor(result_, name, id);
      result_.nodes.push_back(requantising(graph_, result_, name, id, place->second));
    }
    return place->second;
  }

  const Graph& graph_;
  const Connections& connections_;
  Graph result_;
  std::map<TensorId, TensorId> symmetric_;
};

void mark_what_is_read(const Graph& graph, const Connections& connections,
                       std::vector<bool>& symmetric) {
  for (std::size_t i = graph.nodes.size(); i-- > 0;) {  // readers come before what they read
    const Node& node = graph.nodes[i];
    if (is_product(node, connections)) {
      symmetric[index_of(node.inputs[0])] = true;
      symmetric[index_of(node.inputs[1])] = true;
    }
    if (symmetric[index_of(node.output)] && keeps_quantisation(node, connections)) {
      symmetric[index_of(node.inputs.front())] = true;
    }
  }
}

/// A state and its next value are alike. Whether something has changed.
bool mark_states(const Graph& graph, std::vector<bool>& symmetric) {
  bool changed = false;
  for (const State& state : graph.states) {
    const bool either = symmetric[index_of(state.value)] || symmetric[index_of(state.next)];
    changed = changed || symmetric[index_of(state.value)] != symmetric[index_of(state.next)];
    symmetric[index_of(state.value)] = either;
    symmetric[index_of(state.next)] = either;
  }
  return changed;
}

}  // namespace

bool is_product(const Node& node, const Connections& connections) {
  return std::holds_alternative<MatMul>(node.operation) &&
         connections.constant(node.inputs[1]) == nullptr;
}

std::shared_ptr<const Graph> with_symmetric_operands(const std::shared_ptr<const Graph>& graph) {
  const Connections connections(*graph);
  Rewriting rewriting(*graph, connections);
  return rewriting.is_needed() ? rewriting.run() : graph;
}

std::vector<bool> symmetric_tensors(const Graph& graph, const Connections& connections) {
  std::vector<bool> symmetric(graph.tensors.size());
  do {
    mark_what_is_read(graph, connections, symmetric);
  } while (mark_states(graph, symmetric));
  return symmetric;
}

}  // namespace systol
