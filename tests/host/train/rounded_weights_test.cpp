// Training of weights that are rounded, and of signs: straight through (BinaryConnect, Courbariaux
// et al., 2015).
#include "host/train/rounded_weights.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "host/import/workload.h"
#include "host/quantise/quantise_matmul.h"
#include "host/train/batch_graph.h"
#include "host/train/trainer.h"

namespace systol {
namespace {

using Values = std::vector<float>;

Graph rounded_network(const std::string& layers) {
  return parse_workload("name: net\ninput: {shape: [2]}\nlayers:\n" + layers, "net.yaml");
}

Graph binary_layer() {
  return rounded_network(
      "  - dense: {units: 2, bias: false, weights_are: binary,\n"
      "            weights: [[0.5, -0.25], [-0.125, 0.75]]}\n");
}

TrainingSettings rounding_settings(double rate) {
  TrainingSettings settings;
  settings.loss = Loss::MeanSquaredError;
  settings.schedule.rate = rate;
  settings.epochs = 3;
  return settings;
}

const Values& weights_of(const Trainer& trainer) {
  return trainer.network().constant(parameters_of(trainer.network())[0])->values;
}

/// Means of |w|: (0.5 + 0.125) / 2 and (0.25 + 0.75) / 2.
TEST(RoundedWeights, AreSignsTimesEachOutputsMeanMagnitude) {
  Graph network = binary_layer();
  const TensorId id = parameters_of(network)[0];
  const auto rounded = rounded_weights(network, id);
  EXPECT_EQ(network.constant(id)->values, (Values{0.3125F, -0.5F, -0.3125F, 0.5F}));
  const auto floats = rounded->floats();
  EXPECT_EQ(Values(floats.begin(), floats.end()), (Values{0.5F, -0.25F, -0.125F, 0.75F}));
}

/// y = (1 * 0.3125 + 2 * -0.3125, -0.5 + 2 * 0.5) = (-0.3125, 0.5), and dy = y - target = (-1, 2).
/// By the weights x dy = [-1, 2, -2, 4], which goes to the floats: [0.75, -0.75, 0.375, -0.25].
TEST(RoundedWeights, TheirGradientGoesStraightToTheFloats) {
  Trainer trainer(binary_layer(), rounding_settings(0.25), {1, {1.0F, 2.0F}, {}, {0.6875F, -1.5F}});
  trainer.step();
  const auto gradient = trainer.gradient(0);
  EXPECT_EQ(Values(gradient.begin(), gradient.end()), (Values{-1, 2, -2, 4}));
  EXPECT_EQ(trainer.checkpoint().parameters[0], (Values{0.75F, -0.75F, 0.375F, -0.25F}));
  EXPECT_EQ(weights_of(trainer), (Values{0.5625F, -0.5F, 0.5625F, -0.5F}));
}

TEST(RoundedWeights, FloatsStayBetweenMinusOneAndOne) {
  Trainer trainer(binary_layer(), rounding_settings(16), {1, {1.0F, 2.0F}, {}, {0.6875F, -1.5F}});
  trainer.step();
  EXPECT_EQ(trainer.checkpoint().parameters[0], (Values{1, -1, 1, -1}));
}

/// y = 3 + 4 + 0.5 = 7.5, and dy = 2 (7.5 - 7) = 1, for weights that are 0, too.
TEST(RoundedWeights, OfEveryFourTwoAreLeftAndAllLearn) {
  Trainer trainer(parse_workload("name: net\ninput: {shape: [5]}\nlayers:\n"
                                 "  - dense: {units: 1, bias: false, weights_are: sparse24,\n"
                                 "            weights: [[3], [-2], [1], [4], [0.5]]}\n",
                                 "net.yaml"),
                  rounding_settings(1), {1, Values(5, 1.0F), {}, {7.0F}});
  EXPECT_EQ(weights_of(trainer), (Values{3, 0, 0, 4, 0.5F}));
  trainer.step();
  EXPECT_EQ(trainer.checkpoint().parameters[0], (Values{2, -3, 0, 3, -0.5F}));
  EXPECT_EQ(weights_of(trainer), (Values{0, -3, 0, 3, -0.5F})) << "the second is larger now";
}

TEST(RoundedWeights, GoOnFromACheckpointToTheSameBits) {
  const TrainingData data{2, {1, 2, -0.5F, 0.25F}, {}, {0.6875F, -1.5F, 1, 0}};
  Trainer whole(binary_layer(), rounding_settings(0.1), data);
  Trainer stopped(binary_layer(), rounding_settings(0.1), data);
  whole.step();
  stopped.restore(whole.checkpoint());
  while (!whole.done()) {
    whole.step();
    stopped.step();
  }
  EXPECT_EQ(weights_of(stopped), weights_of(whole));
}

/// What `systol run` makes of a trained network's weights, for an array of such weights, is what it
/// was trained with.
TEST(RoundedWeights, AreFoundAgainByTheQuantiser) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0.0F, 0.3F);
  for (const auto& [kind, bits] : {std::pair("binary", 1U), {"ternary", 2U}, {"int4", 4U}}) {
    Graph network = rounded_network(
        std::string("  - dense: {units: 40, bias: false, weights_are: ") + kind + "}\n");
    const TensorId id = parameters_of(network)[0];
    Values& values = network.constant(id)->values;
    values.resize(elements(network.shape(id)));
    std::ranges::generate(values, [&] { return normal(random); });
    const auto rounded = rounded_weights(network, id);
    const QuantMatMul again = quantise_matmul({values, {}, {2, 40}, nullptr, bits},
                                              {1.0F / 255, -128}, {0.1F, 0}, "here");
    for (std::size_t i = 0; i < values.size(); ++i) {
      const float value = static_cast<float>(again.weights[i]) * again.scales[i % 40];
      EXPECT_NEAR(value, values[i], bits == 4 ? 2e-7 : 0.0) << kind << "[" << i << "]";
    }
  }
}

/// The gradient of a sign passes from -1 to 1, both included. dy = y - target = (1 + 1, ...) = 2.
TEST(Sign, HandsGradientsThroughNearZeroAlone) {
  const auto gradient_at = [](float bias) {
    Trainer trainer(
        rounded_network("  - dense: {units: 1, weights: [[1], [0]], activation: sign, bias: [" +
                        std::to_string(bias) + "]}\n"),
        rounding_settings(0.5), {1, {0.0F, 0.0F}, {}, {0.0F}});
    trainer.step();
    return trainer.gradient(1)[0];
  };
  EXPECT_EQ(gradient_at(0.0F), 2.0F) << "of (1 - 0)^2; a sign of 0 is 1";
  EXPECT_EQ(gradient_at(1.0F), 2.0F);
  EXPECT_EQ(gradient_at(-1.0F), -2.0F);
  EXPECT_EQ(gradient_at(1.0625F), 0.0F);
  EXPECT_EQ(gradient_at(-1.0625F), 0.0F);
}

}  // namespace
}  // namespace systol
