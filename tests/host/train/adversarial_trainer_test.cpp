#include "host/train/adversarial_trainer.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "host/import/workload.h"
#include "host/train/initialise.h"
#include "host/train/training_cost.h"
#include "sim/base/error.h"

namespace systol {
namespace {

Graph net_of(const std::string& text) {
  Graph network = parse_workload("name: net\n" + text, "net.yaml");
  initialise(network, Initialiser::Automatic, 3);
  return network;
}

/// x = sigmoid(0.5 z + 0.25) of noise that is always 1, but for the range's last bits.
Graph one_pixel() {
  return net_of(
      "input: {shape: [1], range: [1, 1.0000001]}\nlayers:\n"
      "  - dense: {units: 1, activation: sigmoid, name: g, weights: [[0.5]], bias: [0.25]}\n");
}

/// Logit 2 x - 1.
Graph one_judge() {
  return net_of(
      "input: {shape: [1]}\nlayers:\n"
      "  - dense: {units: 1, activation: sigmoid, name: d, weights: [[2]], bias: [-1]}\n");
}

TrainingSettings settings_of(double rate, std::uint64_t epochs, std::size_t batch) {
  TrainingSettings settings;
  settings.schedule.rate = rate;
  settings.epochs = epochs;
  settings.batch = batch;
  settings.precision = Precision::Float32;
  return settings;
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// The formulas of the paper, each derivative by hand, in double.
TEST(AdversarialTrainer, TakesTheTwoStepsOfThePaper) {
  AdversarialTrainer trainer(one_pixel(), one_judge(), settings_of(0.1, 1, 1), {1, {0.9F}, {}, {}});
  trainer.step();

  const double made = sigmoid(0.5 + 0.25);
  const double real = 0.9;
  const double of_real = sigmoid(2 * real - 1);
  const double of_made = sigmoid(2 * made - 1);
  // Of 1 data and 1 made sample the mean of -log D(x) and -log(1 - D(G(z))).
  EXPECT_NEAR(trainer.adversary_history().steps[0].loss,
              -(std::log(of_real) + std::log(1 - of_made)) / 2, 1e-6);
  // sigmoid(0.8) = 0.6900 and sigmoid(0.3584) = 0.5886: (0.3711 + 0.8883) / 2
  EXPECT_NEAR(trainer.adversary_history().steps[0].loss, 0.6297, 1e-4);
  const double slope_real = (of_real - 1) / 2;  // by the logit
  const double slope_made = of_made / 2;
  const double w = 2 - 0.1 * (slope_real * real + slope_made * made);
  const double b = -1 - 0.1 * (slope_real + slope_made);
  EXPECT_NEAR(trainer.adversary().constants[0].values[0], w, 1e-6);
  EXPECT_NEAR(trainer.adversary().constants[1].values[0], b, 1e-6);

  // The generator's step meets the adversary as it is now; its loss is -log D(G(z)).
  const double verdict = sigmoid(w * made + b);
  EXPECT_NEAR(trainer.generator_history().steps[0].loss, -std::log(verdict), 1e-6);
  const double slope = (verdict - 1) * w * made * (1 - made);  // by the generator's sum
  EXPECT_NEAR(trainer.generator().constants[0].values[0], 0.5 - 0.1 * slope, 1e-6);
  EXPECT_NEAR(trainer.generator().constants[1].values[0], 0.25 - 0.1 * slope, 1e-6);
  EXPECT_EQ(trainer.adversary_history().steps[0].samples, 2U);
  EXPECT_EQ(trainer.adversary_history().steps[0].correct, 1U) << "the data, but not what is made";
  EXPECT_EQ(trainer.generator_history().steps[0].correct, 1U) << "taken for data";
}

Graph painter() {
  return net_of(
      "input: {shape: [3]}\nlayers:\n  - dense: {units: 8, activation: relu, name: g}\n"
      "  - reshape: {shape: [2, 2, 2]}\n"
      "  - conv_transpose: {filters: 1, kernel: 4, stride: 2, padding: 1, activation: sigmoid, "
      "name: paint}\n");
}

Graph judge() {
  return net_of(
      "input: {shape: [16]}\nlayers:\n"
      "  - dense: {units: 4, activation: leaky_relu, name: see}\n  - dense: {units: 1, name: "
      "say}\n");
}

TrainingData images() {
  TrainingData data{5, {}, {}, {}};
  for (int i = 0; i < 5 * 16; ++i) {
    data.inputs.push_back(std::fabs(std::sin(static_cast<float>(i))));
  }
  return data;
}

/// Nothing of what is made depends on where a training stopped.
TEST(AdversarialTrainer, GoesOnFromEveryStepToTheSameBits) {
  TrainingSettings settings = settings_of(0.01, 2, 2);
  settings.optimiser = {OptimiserKind::Adam};
  settings.precision = Precision::Bfloat16;
  AdversarialTrainer whole(painter(), judge(), settings, images());
  while (!whole.done()) {
    whole.step();
  }
  ASSERT_EQ(whole.steps_done(), 6U);
  for (std::uint64_t stop = 0; stop <= 6; ++stop) {
    AdversarialTrainer first(painter(), judge(), settings, images());
    while (first.steps_done() < stop) {
      first.step();
    }
    AdversarialTrainer second(painter(), judge(), settings, images());
    second.restore(first.checkpoint());
    while (!second.done()) {
      second.step();
    }
    EXPECT_EQ(second.checkpoint().parameters, whole.checkpoint().parameters);
    EXPECT_EQ(second.adversary_history(), whole.adversary_history());
    EXPECT_EQ(second.generator_history(), whole.generator_history());
    EXPECT_EQ(second.make(3), whole.make(3));
  }
}

/// The gradient that comes through a transposed convolution and the adversary, by differences.
TEST(AdversarialTrainer, TheGeneratorGoesDownItsLoss) {
  const auto loss_with = [](std::size_t constant, std::size_t value, float change) {
    Graph generator = painter();
    generator.constants[constant].values[value] += change;
    AdversarialTrainer trainer(std::move(generator), judge(), settings_of(1e-9, 1, 5), images());
    trainer.step();
    return trainer.generator_history().steps[0].loss;
  };
  AdversarialTrainer trainer(painter(), judge(), settings_of(1e-3, 1, 5), images());
  // A rate that leaves the adversary all but as it is, so that the step is the gradient.
  const std::vector<Constant> before = trainer.generator().constants;
  trainer.step();
  for (const auto& [constant, value] :
       {std::pair<std::size_t, std::size_t>{0, 4}, {2, 7}, {3, 0}}) {
    const double moved =
        (static_cast<double>(before[constant].values[value]) -
         static_cast<double>(trainer.generator().constants[constant].values[value])) /
        1e-3;
    const double slope =
        (loss_with(constant, value, 1e-2F) - loss_with(constant, value, -1e-2F)) / 2e-2;
    EXPECT_NEAR(moved, slope, 1e-2 * std::fabs(slope) + 5e-4) << constant;
  }
}

std::vector<std::string> layers_of(const std::vector<StepCost>& steps) {
  std::vector<std::string> text;
  for (const StepMatmul& matmul : steps.front().matmuls) {
    text.push_back(matmul.layer + " " +
                   std::string(kStepPartNames[static_cast<std::size_t>(matmul.part)]) + " " +
                   std::to_string(matmul.shape.rows));
  }
  return text;
}

TEST(AdversarialTrainer, CostsWhatEachNetworkHasToCompute) {
  const std::vector<StepCost> made =
      generator_steps(one_pixel(), one_judge(), Loss::CrossEntropy, 10, 4);
  EXPECT_EQ(layers_of(made),
            (std::vector<std::string>{"g forward 4", "d forward 4", "d input gradient 4",
                                      "g weight gradient 1"}))
      << "nobody wants the adversary's weight gradient";
  const std::vector<StepCost> judged =
      adversary_steps(one_pixel(), one_judge(), Loss::CrossEntropy, 10, 4);
  EXPECT_EQ(layers_of(judged),
            (std::vector<std::string>{"g forward 4", "d forward 8", "d weight gradient 1"}));
  ASSERT_EQ(judged.size(), 2U);
  EXPECT_EQ(judged[1].samples, 4U) << "2 of the data are left, and 2 are made";
}

TEST(AdversarialTrainer, RefusesNetworksThatDoNotFit) {
  const auto error = [](Graph generator, Graph adversary) -> std::string {
    try {
      AdversarialTrainer trainer(std::move(generator), std::move(adversary), settings_of(1, 1, 1),
                                 images());
    } catch (const InputError& problem) {
      return problem.what();
    }
    return "";
  };
  EXPECT_EQ(error(one_pixel(), judge()), "net: it takes 16 values, but net makes 1");
  EXPECT_EQ(error(judge(), painter()),
            "net: it has 16 outputs; an adversary has one: whether a sample is one of the "
            "data");
}

}  // namespace
}  // namespace systol
