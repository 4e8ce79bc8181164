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
)");
}

TEST(TrainingGraph, TakesTheScoresBeforeASoftmax) {
  const Graph network = parse_workload(
      "name: net\ninput: {shape: [3]}\nlayers:\n  - dense: {units: 2, activation: softmax, name: a}\n",
      "net.yaml");
  const TrainingGraph step = training_graph(network, Loss::CrossEntropy, 4);
  EXPECT_EQ(step.likelihood, Likelihood::Softmax);
  EXPECT_EQ(step.graph.producer(step.scores)->name, "a");
}

}  // namespace
}  // namespace systol
