#include "host/train/initialise.h"

#include <algorithm>
#include <cmath>

#include "host/graph/connections.h"
#include "host/import/synthetic.h"
#include "host/train/batch_graph.h"

namespace systol {
namespace {

/// Whether what is negative is lost in what follows the node, moves and pools aside.
bool feeds_rectifier(const Connections& connections, const Node& node) {
  for (const Node* next = connections.only_reader(node.output); next != nullptr;
       next = connections.only_reader(next->output)) {
    if (const auto* map = std::get_if<Map>(&next->operation)) {
      switch (map->function) {
        case Function::Relu:
        case Function::LeakyRelu:
        case Function::Clip:
        case Function::Elu:
        case Function::Gelu:
        case Function::Silu:
        case Function::HardSwish:
          return true;
        default:
          return false;
      }
    }
    if (!std::holds_alternative<Pool>(next->operation) &&
        !std::holds_alternative<Reshape>(next->operation) &&
        !std::holds_alternative<Transpose>(next->operation)) {
      return false;
    }
  }
  return false;
}

double limit_of(Initialiser initialiser, const Shape& weights, bool rectified) {
  double places = 1;
  for (std::size_t i = 0; i + 2 < weights.size(); ++i) {
    places *= static_cast<double>(weights[i]);
  }
  const double in = places * static_cast<double>(weights[weights.size() - 2]);
  const double out = places * static_cast<double>(weights.back());
  if (initialiser == Initialiser::Automatic) {
    initialiser = rectified ? Initialiser::He : Initialiser::Glorot;
  }
  switch (initialiser) {
    case Initialiser::He:
      return std::sqrt(6 / in);
    case Initialiser::Lecun:
      return std::sqrt(3 / in);
    default:
      return std::sqrt(6 / (in + out));
  }
}

/// The node that reads the parameter first, as its weights if it does so.
const Node* weights_of(const Graph& network, TensorId parameter) {
  for (const Node& node : network.nodes) {
    const bool multiplies = std::holds_alternative<MatMul>(node.operation) ||
                            std::holds_alternative<Convolution>(node.operation);
    if (multiplies && node.inputs.size() > 1 && node.inputs[1] == parameter) {
      return &node;
    }
  }
  return nullptr;
}

void initialise_parameter(Graph& network, TensorId id, Initialiser initialiser, SplitMix64 random) {
  std::vector<float>& values = network.constant(id)->values;
  const Node* node = weights_of(network, id);
  if (!values.empty() || node == nullptr) {
    return;
  }
  values.resize(elements(network.shape(id)));
  const double limit =
      limit_of(initialiser, network.shape(id), feeds_rectifier(Connections(network), *node));
  std::ranges::generate(values, [&] { return static_cast<float>(random.uniform(-limit, limit)); });
}

bool multiplies(const Graph& network, TensorId id) {
  return std::ranges::any_of(network.nodes, [&](const Node& node) {
    const auto* binary = std::get_if<Binary>(&node.operation);
    return binary != nullptr && binary->function == BinaryFunction::Multiply &&
           std::ranges::find(node.inputs, id) != node.inputs.end();
  });
}

}  // namespace

void initialise(Graph& network, Initialiser initialiser, std::uint64_t seed) {
  SplitMix64 seeds(seed);
  for (const TensorId id : parameters_of(network)) {
    initialise_parameter(network, id, initialiser, SplitMix64(seeds.next()));
  }
  for (Constant& constant : network.constants) {
    if (constant.values.empty()) {
      constant.values.assign(elements(network.shape(constant.tensor)),
                             multiplies(network, constant.tensor) ? 1.0F : 0.0F);
    }
  }
}

}  // namespace systol
