// One step of training as a graph.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/graph/graph.h"
#include "host/train/gradient_rules.h"

namespace systol {

enum class Loss : std::uint8_t {
  MeanSquaredError,  ///< the mean of (y - target)^2 over all outputs and samples
  /// The mean of -log p. With a softmax at the network's end, or several outputs, p is the
  /// softmax's value for the target's class, and the mean is over samples. With a sigmoid at its
  /// end, or one output, p is the sigmoid's value y where the target is 1, and 1 - y where it is 0,
  /// and the mean is over outputs, too.
  CrossEntropy,
};
inline constexpr std::array<std::string_view, 2> kLossNames = {"mse", "cross-entropy"};

/// How a cross-entropy takes the scores.
enum class Likelihood : std::uint8_t { None, Softmax, Sigmoid };

/// What a node of a step is for.
enum class StepPart : std::uint8_t {
  Forward,
  InputGradient,   ///< by what depends on the samples
  WeightGradient,  ///< by what does not
};
inline constexpr std::array<std::string_view, 3> kStepPartNames = {"forward", "input gradient",
                                                                   "weight gradient"};

/// Where a node of a step's graph comes from.
struct StepNodeOrigin {
  std::string layer;  ///< the network's node, or the weights of several; empty: the loss
  StepPart part = StepPart::Forward;
};

struct TrainingGraph {
  Graph graph;  ///< outputs: the scores, then the gradients that are wanted
  std::int64_t batch = 0;
  TensorId input{};                  ///< [batch][shape of a sample]
  TensorId target{};                 ///< [batch][shape of the output]
  std::vector<TensorId> parameters;  ///< inputs, in the order of parameters_of(network)
  std::vector<TensorId> gradients;   ///< of the loss, by each of them
  /// What the loss is computed of: the network's output; of a cross-entropy what goes into the
  /// softmax or sigmoid at its end.
  TensorId scores{};
  Likelihood likelihood = Likelihood::None;
  std::vector<StepNodeOrigin> origins;  ///< by node of the graph
};

/// The network's forward nodes for a batch, the gradient of the loss by the scores, and the
/// backward nodes. Of parameters that are `fixed`, by their number, the gradient is no output, so
/// that nothing computes it. Throws InputError, naming the node, for what cannot be trained.
TrainingGraph training_graph(const Graph& network, Loss loss, std::int64_t batch,
                             const std::vector<bool>& fixed = {},
                             DistanceRule rule = DistanceRule::Full);

/// The network with the sigmoid at its end that its training took it to have: one output, learned
/// by cross-entropy, whose node is none. Others are as they are.
Graph with_trained_end(Graph network, Loss loss);

/// The forward nodes alone: no target, no gradients.
TrainingGraph forward_graph(const Graph& network, Loss loss, std::int64_t batch);

}  // namespace systol
