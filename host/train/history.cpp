#include "host/train/history.h"

#include <algorithm>

namespace systol {

std::vector<double> losses_of(const History& history) {
  std::vector<double> losses(history.steps.size());
  std::ranges::transform(history.steps, losses.begin(), &StepRecord::loss);
  return losses;
}

EpochSummary summary_of(const History& history, std::uint64_t epoch,
                        std::uint64_t steps_per_epoch) {
  EpochSummary summary;
  double samples = 0;
  const std::uint64_t end =
      std::min<std::uint64_t>(history.steps.size(), (epoch + 1) * steps_per_epoch);
  for (std::uint64_t i = epoch * steps_per_epoch; i < end; ++i) {
    const StepRecord& step = history.steps[i];
    ++summary.steps;
    samples += step.samples;
    summary.loss += step.loss * step.samples;
    summary.accuracy += step.correct;
  }
  if (samples > 0) {
    summary.loss /= samples;
    summary.accuracy /= samples;
  }
  return summary;
}

}  // namespace systol
