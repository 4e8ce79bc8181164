#include "host/train/training_graph.h"

#include <gtest/gtest.h>

#include "host/graph/dense.h"
#include "host/graph/text.h"
#include "host/graph/verify.h"
#include "host/import/workload.h"
#include "sim/base/error.h"

namespace systol {
namespace {

TEST(TrainingGraph, IsTheForwardPassTheLossAndTheBackwardPass) {
  const Graph network = parse_workload(
      "name: net\ninput: {shape: [3]}\nlayers:\n"
      "  - dense: {units: 2, activation: sigmoid, name: hidden}\n"
      "  - dense: {units: 2, name: out}\n",
      "net.yaml");
  const TrainingGraph step = training_graph(network, Loss::MeanSquaredError, 4);
  verify(step.graph);
  EXPECT_EQ(to_text(step.graph), R"(graph "net"
input input [4, 3]
input hidden.weights [3, 2]
input hidden.bias [2]
input out.weights [2, 2]
input out.bias [2]
input target [4, 2]
node hidden.product = matmul(input, hidden.weights)
node hidden = add(hidden.product, hidden.bias)
node hidden.sigmoid = sigmoid(hidden)
node out.product = matmul(hidden.sigmoid, out.weights)
node out = add(out.product, out.bias)
node loss.difference = subtract(out, target)
node loss.gradient = linear[0.25, 0](loss.difference)
node out.bias.gradient.axes = transpose[1, 0](loss.gradient)
node out.bias.gradient.joined = reshape[2, 4](out.bias.gradient.axes)
node out.bias.gradient.mean = mean(out.bias.gradient.joined)
node out.bias.gradient.sum = linear[4, 0](out.bias.gradient.mean)
node out.bias.gradient.summed = reshape[2](out.bias.gradient.sum)
node hidden.sigmoid.gradient = matmul[transposed](loss.gradient, out.weights)
node out.weights.gradient.turned = transpose[1, 0](hidden.sigmoid)
node out.weights.gradient = matmul(out.weights.gradient.turned, loss.gradient)
node hidden.gradient.slope = linear[-1, 1](hidden.sigmoid)
node hidden.gradient.slope_2 = multiply(hidden.sigmoid, hidden.gradient.slope)
node hidden.gradient = multiply(hidden.sigmoid.gradient, hidden.gradient.slope_2)
node hidden.bias.gradient.axes = transpose[1, 0](hidden.gradient)
node hidden.bias.gradient.joined = reshape[2, 4](hidden.bias.gradient.axes)
node hidden.bias.gradient.mean = mean(hidden.bias.gradient.joined)
node hidden.bias.gradient.sum = linear[4, 0](hidden.bias.gradient.mean)
node hidden.bias.gradient.summed = reshape[2](hidden.bias.gradient.sum)
node hidden.weights.gradient.turned = transpose[1, 0](input)
node hidden.weights.gradient = matmul(hidden.weights.gradient.turned, hidden.gradient)
output out
output hidden.weights.gradient
output hidden.bias.gradient.summed
output out.weights.gradient
output out.bias.gradient.summed
)");
}

TEST(TrainingGraph, TakesTheScoresBeforeASoftmax) {
  const Graph network = parse_workload(
      "name: net\ninput: {shape: [3]}\nlayers:\n  - dense: {units: 2, activation: softmax, name: "
      "a}\n",
      "net.yaml");
  const TrainingGraph step = training_graph(network, Loss::CrossEntropy, 4);
  EXPECT_EQ(step.likelihood, Likelihood::Softmax);
  EXPECT_EQ(step.graph.producer(step.scores)->name, "a");
}

}  // namespace
}  // namespace systol
