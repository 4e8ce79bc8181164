#include "host/train/training_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "host/train/backward.h"
#include "host/train/batch_graph.h"
#include "sim/base/error.h"

namespace systol {
namespace {

/// The node at the network's end, where nothing else reads what goes into it.
const Node* end_of(const Graph& network) { return network.producer(network.outputs.front()); }

bool is_sigmoid(const Node* node) {
  const auto* map = node == nullptr ? nullptr : std::get_if<Map>(&node->operation);
  return map != nullptr && map->function == Function::Sigmoid;
}

bool is_softmax(const Node* node) {
  return node != nullptr && std::holds_alternative<Softmax>(node->operation);
}

struct Scores {
  TensorId tensor{};  ///< of the network
  Likelihood likelihood = Likelihood::None;
};

Scores scores_of(const Graph& network, Loss loss) {
  const TensorId output = network.outputs.front();
  if (loss == Loss::MeanSquaredError) {
    return {output, Likelihood::None};
  }
  const Node* end = end_of(network);
  if (is_softmax(end)) {
    return {end->inputs[0], Likelihood::Softmax};
  }
  if (is_sigmoid(end)) {
    return {end->inputs[0], Likelihood::Sigmoid};
  }
  return {output, network.output_size() > 1 ? Likelihood::Softmax : Likelihood::Sigmoid};
}

/// Whether the loss has a sigmoid at the network's end that the network has not.
bool lacks_sigmoid(const Graph& network, Loss loss) {
  const Scores scores = scores_of(network, loss);
  return scores.likelihood == Likelihood::Sigmoid && scores.tensor == network.outputs.front();
}

/// (2 or 1) / count * (prediction - target)
TensorId loss_gradient(Graph& graph, const TrainingGraph& step, Loss loss, std::uint64_t outputs) {
  const auto samples = static_cast<double>(step.batch);
  TensorId prediction = step.scores;
  double factor = 1.0 / (samples * static_cast<double>(outputs));
  if (loss == Loss::MeanSquaredError) {
    factor *= 2.0;
  } else if (step.likelihood == Likelihood::Softmax) {
    prediction = graph.add_node(graph.unique_name("loss.softmax"), Softmax{}, {step.scores});
    factor = 1.0 / (samples * static_cast<double>(outputs) /
                    static_cast<double>(graph.shape(step.scores).back()));
  } else {
    prediction =
        graph.add_node(graph.unique_name("loss.sigmoid"), Map{Function::Sigmoid}, {step.scores});
  }
  const TensorId difference =
      graph.add_node(graph.unique_name("loss.difference"), Binary{BinaryFunction::Subtract},
                     {prediction, step.target});
  return graph.add_node(graph.unique_name("loss.gradient"),
                        Map{Function::Linear, static_cast<float>(factor), 0.0F}, {difference});
}

/// By tensor: whether it depends on `input`.
std::vector<bool> dependents(const Graph& graph, TensorId input) {
  std::vector<bool> result(graph.tensors.size());
  result[index_of(input)] = true;
  for (const Node& node : graph.nodes) {
    result[index_of(node.output)] =
        std::ranges::any_of(node.inputs, [&](TensorId id) { return result[index_of(id)]; });
  }
  return result;
}

/// Of the network's node: its own name; where several nodes have the same weights, as the steps of
/// a recurrent layer do, that of the weights.
const std::string& layer_of(const Graph& network, const Node& node) {
  const auto reads_the_same = [&](const Node& other) {
    return other.inputs.size() > 1 && other.inputs[1] == node.inputs[1];
  };
  const bool shared = node.inputs.size() > 1 && network.constant(node.inputs[1]) != nullptr &&
                      std::holds_alternative<MatMul>(node.operation) &&
                      std::ranges::count_if(network.nodes, reads_the_same) > 1;
  return shared ? network.tensor(node.inputs[1]).name : node.name;
}

/// Of the nodes that compute gradients, which follow those that have an origin.
void add_origins(TrainingGraph& step, const std::vector<Backward::Source>& sources) {
  const std::vector<bool> of_samples = dependents(step.graph, step.input);
  for (const Backward::Source& source : sources) {
    const TensorId by = step.graph.nodes[source.node].inputs[source.input];
    step.origins.push_back({step.origins[source.node].layer, of_samples[index_of(by)]
                                                                 ? StepPart::InputGradient
                                                                 : StepPart::WeightGradient});
  }
}

}  // namespace

Graph with_trained_end(Graph network, Loss loss) {
  if (lacks_sigmoid(network, loss)) {
    network.outputs.front() = network.add_node(network.unique_name("sigmoid"),
                                               Map{Function::Sigmoid}, {network.outputs.front()});
  }
  return network;
}

TrainingGraph forward_graph(const Graph& network, Loss loss, std::int64_t batch) {
  BatchGraph forward = batched(network, batch);
  const Scores scores = scores_of(network, loss);
  TrainingGraph step;
  step.batch = batch;
  step.input = forward.tensors[index_of(network.inputs.front())];
  step.parameters = std::move(forward.parameters);
  step.scores = forward.tensors[index_of(scores.tensor)];
  step.likelihood = scores.likelihood;
  step.graph = std::move(forward.graph);
  for (const std::size_t source : forward.sources) {
    step.origins.push_back({layer_of(network, network.nodes[source]), StepPart::Forward});
  }
  step.graph.outputs = {step.scores};
  return step;
}

TrainingGraph training_graph(const Graph& network, Loss loss, std::int64_t batch,
                             const std::vector<bool>& fixed, DistanceRule rule) {
  TrainingGraph step = forward_graph(network, loss, batch);
  if (step.parameters.empty()) {
    throw InputError(
        fmt::format("{}: it has no weights: there is nothing to train", network.place()));
  }
  Graph& graph = step.graph;
  step.target = graph.add_input(graph.unique_name("target"), graph.shape(step.scores));
  const TensorId gradient = loss_gradient(graph, step, loss, network.output_size());
  step.origins.resize(graph.nodes.size());
  Backward backward = append_backward(graph, step.scores, gradient, step.parameters, rule);
  step.gradients = std::move(backward.gradients);
  add_origins(step, backward.sources);
  for (std::size_t i = 0; i < step.gradients.size(); ++i) {
    if (i >= fixed.size() || !fixed[i]) {
      graph.outputs.push_back(step.gradients[i]);
    }
  }
  return step;
}

}  // namespace systol
