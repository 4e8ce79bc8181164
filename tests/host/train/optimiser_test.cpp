#include "host/train/optimiser.h"

#include <gtest/gtest.h>

#include <cmath>

#include "host/train/rate_schedule.h"

namespace systol {
namespace {

/// One parameter from 1, with the same gradient in each step.
std::vector<float> path(const OptimiserSettings& settings, float rate,
                        const std::vector<float>& gradients) {
  const std::vector<std::size_t> sizes{1};
  Optimiser optimiser(settings, sizes);
  std::vector<float> parameter{1};
  std::vector<float> values;
  for (const float gradient : gradients) {
    optimiser.begin_step();
    optimiser.update(0, rate, std::vector<float>{gradient}, parameter);
    values.push_back(parameter[0]);
  }
  return values;
}

TEST(Optimiser, GradientDescentSubtractsTheRateTimesTheGradient) {
  EXPECT_EQ(path({OptimiserKind::Sgd}, 0.5F, {0.25F, -1}), (std::vector{0.875F, 1.375F}));
}

TEST(Optimiser, MomentumKeepsAShareOfTheLastStep) {
  // v: 1, 1.5, 0.75
  EXPECT_EQ(path({OptimiserKind::Sgd, 0.5F}, 0.25F, {1, 1, 0}),
            (std::vector{0.75F, 0.375F, 0.1875F}));
}

TEST(Optimiser, SignsAreStepsOfTheRate) {
  EXPECT_EQ(path({OptimiserKind::SignSgd}, 0.25F, {1e-9F, -100, 0}),
            (std::vector{0.75F, 1.0F, 1.0F}));
  // v: 2, then 1/2 * 2 - 1/2 * 3 = -1/2
  EXPECT_EQ(path({OptimiserKind::SignSgd, 0.5F}, 0.25F, {4, -3}), (std::vector{0.75F, 1.0F}));
}

TEST(Optimiser, AdamIsKingmasAndBas) {
  // The first step is the rate in the gradient's direction; the second by hand:
  // m = 0.1 * 0.9 * 1 + 0.1 * (-3) = -0.21, over 1 - 0.81: -1.105263; v = 0.999e-3 + 0.009 =
  // 0.009999, over 1 - 0.998001: 5.002001, its root 2.236516; -1.105263 / 2.236516 = -0.494190.
  const std::vector<float> values = path({OptimiserKind::Adam}, 0.1F, {1, -3});
  EXPECT_NEAR(values[0], 0.9, 1e-6);
  EXPECT_NEAR(values[1], 0.949419, 1e-5);
}

TEST(Optimiser, AStateOfOtherParametersIsRefused) {
  const std::vector<std::size_t> two{1, 2};
  const std::vector<std::size_t> one{1};
  EXPECT_THROW(
      Optimiser({OptimiserKind::Adam}, two).restore(Optimiser({OptimiserKind::Adam}, one).state()),
      std::logic_error);
}

float rate(ScheduleKind kind, std::uint64_t step) {
  return learning_rate({kind, 0.8, 0.5, 2}, {step, 10, 8});
}

TEST(RateSchedule, GoesOnAsItsKindSays) {
  EXPECT_EQ(rate(ScheduleKind::Constant, 79), 0.8F);
  EXPECT_EQ(rate(ScheduleKind::Step, 19), 0.8F);
  EXPECT_EQ(rate(ScheduleKind::Step, 20), 0.4F);
  EXPECT_EQ(rate(ScheduleKind::Step, 60), 0.1F);
  EXPECT_EQ(rate(ScheduleKind::Exponential, 20), 0.2F);
  EXPECT_NEAR(rate(ScheduleKind::Exponential, 5), 0.8 * std::sqrt(0.5), 1e-7);
  EXPECT_EQ(rate(ScheduleKind::Cosine, 0), 0.8F);
  EXPECT_NEAR(rate(ScheduleKind::Cosine, 40), 0.4, 1e-7);
  EXPECT_NEAR(rate(ScheduleKind::Cosine, 80), 0, 1e-7);
}

}  // namespace
}  // namespace systol
