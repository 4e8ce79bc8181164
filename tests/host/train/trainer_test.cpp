#include "host/train/trainer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "host/import/workload.h"
#include "host/train/batch_graph.h"
#include "host/train/epoch_table.h"
#include "host/train/initialise.h"

namespace systol {
namespace {

Graph example(const std::string& name) {
  return load_workload(std::string(SYSTOL_SOURCE_DIR "/configs/training/") + name + ".yaml");
}

TEST(Trainer, IsThePublishedExampleStepByStep) {
  // Matt Mazur, "A Step by Step Backpropagation Example" (2015). The biases stay as they are.
  TrainingSettings settings;
  settings.loss = Loss::MeanSquaredError;
  settings.schedule.rate = 0.5;
  settings.epochs = 2;
  settings.precision = Precision::Float32;
  settings.fixed = {"hidden.bias", "out.bias"};
  Trainer trainer(example("mazur"), settings, {1, {0.05F, 0.10F}, {}, {0.01F, 0.99F}});
  trainer.step();
  EXPECT_NEAR(trainer.history().steps[0].loss, 0.298371109, 1e-8);
  const std::vector<TensorId> ids = parameters_of(trainer.network());
  const auto values = [&](std::size_t i) { return trainer.network().constant(ids[i])->values; };
  // [inputs][units]: w1 w3 w2 w4, then w5 w7 w6 w8
  const std::vector<double> hidden{0.149780716, 0.24975114, 0.19956143, 0.29950229};
  const std::vector<double> out{0.35891648, 0.511301270, 0.408666186, 0.561370121};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(values(0)[i], hidden[i], 1e-7) << i;
    EXPECT_NEAR(values(2)[i], out[i], 1e-7) << i;
  }
  EXPECT_EQ(values(1), (std::vector{0.35F, 0.35F}));
  trainer.step();
  EXPECT_NEAR(trainer.history().steps[1].loss, 0.291028, 5e-7);
}

TrainingSettings small_settings() {
  TrainingSettings settings;
  settings.loss = Loss::CrossEntropy;
  settings.optimiser = {OptimiserKind::Adam};
  settings.schedule.rate = 0.05;
  settings.epochs = 4;
  settings.batch = 3;
  return settings;
}

TrainingData small_data() {
  TrainingData data{8, {}, {0, 1, 2, 0, 1, 2, 0, 1}, {}};
  for (int i = 0; i < 32; ++i) {
    data.inputs.push_back(std::sin(static_cast<float>(i)));
  }
  return data;
}

Graph small_network() {
  Graph network = parse_workload(
      "name: net\ninput: {shape: [4]}\nlayers:\n  - dense: {units: 5, activation: relu, name: a}\n"
      "  - dense: {units: 3, activation: softmax, name: b}\n",
      "net.yaml");
  initialise(network, Initialiser::Automatic, 1);
  return network;
}

std::vector<std::vector<float>> values_of(const Trainer& trainer) {
  std::vector<std::vector<float>> values;
  for (const Constant& constant : trainer.network().constants) {
    values.push_back(constant.values);
  }
  return values;
}

TEST(Trainer, GoesOnFromEveryStepToTheSameBits) {
  Trainer whole(small_network(), small_settings(), small_data(), small_data());
  while (!whole.done()) {
    whole.step();
  }
  ASSERT_EQ(whole.steps_done(), 12U) << "8 samples in batches of 3, 4 epochs";
  for (std::uint64_t stop = 0; stop <= 12; ++stop) {
    Trainer first(small_network(), small_settings(), small_data(), small_data());
    while (first.steps_done() < stop) {
      first.step();
    }
    Trainer second(small_network(), small_settings(), small_data(), small_data());
    second.restore(first.checkpoint());
    while (!second.done()) {
      second.step();
    }
    EXPECT_EQ(values_of(second), values_of(whole)) << "stopped after step " << stop;
    EXPECT_EQ(second.history(), whole.history());
  }
}

TEST(Trainer, TheLastBatchOfAnEpochIsWhatIsLeft) {
  Trainer trainer(small_network(), small_settings(), small_data());
  for (const std::uint32_t samples : {3U, 3U, 2U, 3U}) {
    trainer.step();
    EXPECT_EQ(trainer.history().steps.back().samples, samples);
  }
}

TEST(Trainer, AnEpochHasEverySampleOnceInAnOrderOfItsOwn) {
  const std::vector<std::uint32_t> first = shuffled(100, 1, 0);
  EXPECT_NE(first, shuffled(100, 1, 1));
  EXPECT_NE(first, shuffled(100, 2, 0));
  EXPECT_EQ(first, shuffled(100, 1, 0));
  std::vector<std::uint32_t> sorted = first;
  std::ranges::sort(sorted);
  std::vector<std::uint32_t> all(100);
  std::iota(all.begin(), all.end(), 0U);
  EXPECT_EQ(sorted, all);
}

TEST(Trainer, SaysWhereTheFirstValueIsThatIsNotFinite) {
  TrainingSettings settings = small_settings();
  settings.optimiser = {OptimiserKind::Sgd};
  settings.schedule.rate = 1e30;
  settings.epochs = 100;
  Trainer trainer(small_network(), settings, small_data());
  try {
    while (!trainer.done()) {
      trainer.step();
    }
    FAIL() << "it did not diverge";
  } catch (const Divergence& error) {
    EXPECT_EQ(std::string(error.what()).rfind("net: step ", 0), 0U) << error.what();
  }
}

TEST(Trainer, RefusesByNameWhatItCannotTrain) {
  const auto error = [](const std::string& text, TrainingSettings settings) -> std::string {
    Graph network = parse_workload("name: net\n" + text, "net.yaml");
    initialise(network, Initialiser::Automatic, 1);
    try {
      Trainer trainer(std::move(network), std::move(settings), small_data());
    } catch (const InputError& problem) {
      return problem.what();
    }
    return "";
  };
  EXPECT_EQ(error("input: {shape: [4]}\nlayers:\n  - softmax: {}\n", small_settings()),
            "net: it has no weights: there is nothing to train");
  EXPECT_EQ(error("input: {shape: [2, 4]}\nlayers:\n  - lstm: {units: 3, stateful: true}\n",
                  small_settings()),
            "net: it has states; such a network is not trained");
  TrainingSettings settings = small_settings();
  settings.fixed = {"c.bias"};
  EXPECT_EQ(error("input: {shape: [4]}\nlayers:\n  - dense: {units: 3, name: a}\n", settings),
            "net: it has no parameter 'c.bias'; it has a.weights, a.bias");
}

TEST(EpochTable, HasTheSameRowsInPartsAsAtOnce) {
  TrainingReport report;
  report.labelled = true;
  History history;
  for (int step = 0; step < 91; ++step) {  // 45 epochs of two steps, and half of one
    history.steps.push_back({0.25, 4, 3, 0.5F});
  }
  EpochTable whole(report, 50, 2);
  const std::string rows = whole.rows(history, nullptr, 46, true);
  EXPECT_EQ(whole.head(),
            "epoch  steps  learning rate         loss  accuracy\n"
            "--------------------------------------------------\n");
  EXPECT_EQ(rows.substr(0, 51), "1          2            0.5         0.25    75.0 %\n");
  EXPECT_EQ(rows.substr(rows.size() - 51), "46        91            0.5         0.25    75.0 %\n");
  EpochTable parts(report, 50, 2);
  std::string lines;
  for (std::uint64_t epoch = 1; epoch <= 45; ++epoch) {
    lines += parts.rows(history, nullptr, epoch, false);
  }
  EXPECT_EQ(lines + parts.rows(history, nullptr, 46, true), rows);
}

}  // namespace
}  // namespace systol
