// AdderNet's rule (Chen et al., CVPR 2020) for layers with the similarity l1.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "host/import/workload.h"
#include "host/train/batch_graph.h"
#include "host/train/step_matmuls.h"
#include "host/train/trainer.h"
#include "host/train/weight_histogram.h"

namespace systol {
namespace {

/// x (0.5, 1) through p, which leaves it as it is, to y = -(|x0 - w0| + |x1 - w1|) = (-1.5, -2).
Trainer distance_layers(DistanceRule rule = DistanceRule::Full) {
  TrainingSettings settings;
  settings.distances = rule;
  settings.loss = Loss::MeanSquaredError;
  settings.schedule.rate = 1;
  return {parse_workload("name: net\ninput: {shape: [2]}\nlayers:\n"
                         "  - dense: {units: 2, bias: false, name: p, weights: [[1, 0], [0, 1]]}\n"
                         "  - dense: {units: 2, bias: false, name: a, similarity: l1,\n"
                         "            weights: [[1, -1], [0, 1.5]]}\n",
                         "net.yaml"),
          settings,
          {1, {0.5F, 1.0F}, {}, {-1.5F, -4.0F}}};
}

using Values = std::vector<float>;

Values gradient_of(const Trainer& trainer, std::size_t parameter) {
  const auto gradient = trainer.gradient(parameter);
  return {gradient.begin(), gradient.end()};
}

TEST(AdderRule, IsTheFullDifferenceByAWeightAndTheClippedOneByAnInput) {
  Trainer trainer = distance_layers();
  trainer.step();
  EXPECT_FLOAT_EQ(static_cast<float>(trainer.history().steps[0].loss), 2.0F) << "(0^2 + 2^2) / 2";
  // dy = y - target = (0, 2); by w: dy (x - w)
  EXPECT_EQ(gradient_of(trainer, 1), (Values{0, 3, 0, -1}));
  // By x: 2 clip(-1 - 0.5) = -2 and 2 clip(1.5 - 1) = 1; by p's weights that times p's inputs.
  EXPECT_EQ(gradient_of(trainer, 0), (Values{-1, 0.5, -2, 1}));
}

TEST(AdderRule, OfSignsIsTheDerivativeByAWeight) {
  Trainer trainer = distance_layers(DistanceRule::Sign);
  trainer.step();
  // dy = (0, 2); by w: dy sign(x - w), of x - w = (0.5 - 1, 0.5 + 1; 1 - 0, 1 - 1.5)
  EXPECT_EQ(gradient_of(trainer, 1), (Values{0, 2, 0, -2}));
  EXPECT_EQ(gradient_of(trainer, 0), (Values{-1, 0.5, -2, 1})) << "by an input as before";
  EXPECT_EQ(step_matmuls(trainer.step_graph()).size(), 2U) << "a's gradient has no product";
}

TEST(AdderRule, AStepHasALengthOfItsOwn) {
  Trainer trainer = distance_layers();
  trainer.step();
  const Values& weights = trainer.network().constant(parameters_of(trainer.network())[1])->values;
  // 0.1 times the root of 4 values, along (0, 3, 0, -1)
  const float part = 0.2F / std::sqrt(10.0F);
  EXPECT_FLOAT_EQ(weights[0], 1.0F);
  EXPECT_FLOAT_EQ(weights[1], -1.0F - 3 * part);
  EXPECT_FLOAT_EQ(weights[3], 1.5F + part);
}

TEST(AdderRule, DistancesAreNoMatmulsOfTheArray) {
  EXPECT_EQ(step_matmuls(distance_layers().step_graph()).size(), 3U)
      << "p forward and by its weights, and the part of a's gradient that is a product";
}

TEST(WeightHistogram, CountsAndDescribesWeights) {
  const std::vector<WeightHistogram> histograms = weight_histograms(
      parse_workload("name: net\ninput: {shape: [2]}\nlayers:\n"
                     "  - dense: {units: 2, name: p, weights: [[0, 1], [2, 3]], bias: [7, 8]}\n",
                     "net.yaml"));
  ASSERT_EQ(histograms.size(), 1U) << "no biases";
  EXPECT_EQ(histograms[0].name, "p.weights");
  EXPECT_EQ(histograms[0].counts.front(), 1U);
  EXPECT_EQ(histograms[0].counts.back(), 1U) << "the largest is in the last bin";
  EXPECT_DOUBLE_EQ(histograms[0].mean, 1.5);
  EXPECT_DOUBLE_EQ(histograms[0].deviation, std::sqrt(1.25));
  // ((1.5^4 + 0.5^4) / 2) / 1.25^2 - 3
  EXPECT_DOUBLE_EQ(histograms[0].excess_kurtosis, 2.5625 / 1.5625 - 3);
}

}  // namespace
}  // namespace systol
