// A decoder that learns a text.
#include <gtest/gtest.h>

#include "host/import/workload.h"
#include "host/train/initialise.h"
#include "host/train/one_hot.h"
#include "host/train/text_sample.h"
#include "host/train/token_choice.h"
#include "host/train/trainer.h"

namespace systol {
namespace {

Graph decoder() {
  Graph network = with_one_hot_rows(
      parse_workload("name: net\ninput: {shape: [6]}\nlayers:\n"
                     "  - embedding: {rows: 4, size: 8}\n"
                     "  - residual:\n      layers:\n"
                     "        - attention: {heads: 2, causal: true, rotary: 100, joined: true}\n"
                     "  - layer_norm: {}\n"
                     "  - dense: {units: 4}\n",
                     "net.yaml"));
  initialise(network, Initialiser::Automatic, 3);
  return network;
}

/// 0 0 1 2 3, again and again: what follows a 0 depends on what was before it.
TrainingData text() {
  TrainingData data;
  data.count = 8;
  data.length = 6;
  for (std::uint32_t i = 0; i < 49; ++i) {
    data.tokens.push_back(std::max(i % 5, 1U) - 1);
  }
  return data;
}

TrainingSettings settings() {
  TrainingSettings settings;
  settings.optimiser.kind = OptimiserKind::Adam;
  settings.schedule.rate = 0.02;
  settings.epochs = 20;
  settings.batch = 4;
  settings.piece = 4;
  return settings;
}

TEST(TextTraining, LearnsWhatFollowsWhat) {
  Trainer trainer(decoder(), settings(), text());
  while (!trainer.done()) {
    trainer.step();
  }
  EXPECT_NEAR(trainer.history().steps.front().loss, 1.4, 0.4) << "of four tokens log 4 or so";
  // Only the first of six tokens, a 0 of which nobody knows whether it is the first, is uncertain.
  EXPECT_LT(trainer.history().steps.back().loss, 0.25);
  EXPECT_EQ(sampled_text(trainer.network(), trainer.settings(), {{1, 2, 3}, 7, 0, 1}),
            std::string({0, 0, 1, 2, 3, 0, 0}));
}

TEST(TextTraining, GoesOnWithTheSameBits) {
  Trainer whole(decoder(), settings(), text());
  Trainer first(decoder(), settings(), text());
  for (int i = 0; i < 6; ++i) {
    whole.step();
    if (i < 3) {
      first.step();
    }
  }
  Trainer second(decoder(), settings(), text());
  second.restore(first.checkpoint());
  for (int i = 0; i < 3; ++i) {
    second.step();
  }
  EXPECT_EQ(second.checkpoint().parameters, whole.checkpoint().parameters);
  EXPECT_EQ(second.history(), whole.history());
}

TEST(TokenChoice, IsTheLargestOrDrawnByTheSoftmax) {
  SplitMix64 random(1);
  const std::vector<float> scores{1.0F, 3.0F, 3.0F};
  EXPECT_EQ(choose_token(scores, 0, random), 1U);
  std::vector<int> counts(3);
  for (int i = 0; i < 3000; ++i) {
    ++counts[choose_token(scores, 2, random)];
  }
  EXPECT_NEAR(counts[0], 466, 60) << "1 / (1 + 2 e)";
  EXPECT_NEAR(counts[1], 1267, 80);
}

}  // namespace
}  // namespace systol
