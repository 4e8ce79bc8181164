// The matmuls of each kind of step that a training has.
#include <algorithm>
#include <functional>

#include "host/train/adversarial_trainer.h"
#include "host/train/batch_graph.h"
#include "host/train/chained.h"
#include "host/train/training_cost.h"

namespace systol {
namespace {

/// For a whole batch and for what is left: `matmuls` is given the samples.
std::vector<StepCost> steps_of(
    std::size_t samples, std::size_t batch,
    const std::function<std::vector<StepMatmul>(std::int64_t)>& matmuls) {
  const std::size_t whole = std::min(batch, samples);
  std::vector<StepCost> steps;
  for (const std::size_t size : {whole, samples % whole}) {
    if (size > 0) {
      steps.push_back(
          {static_cast<std::uint32_t>(size), matmuls(static_cast<std::int64_t>(size)), {}});
    }
  }
  return steps;
}

}  // namespace

std::vector<StepCost> network_steps(const Graph& network, Loss loss, std::size_t samples,
                                    std::size_t batch, const std::vector<bool>& fixed,
                                    DistanceRule rule) {
  return steps_of(samples, batch, [&](std::int64_t size) {
    return step_matmuls(training_graph(network, loss, size, fixed, rule));
  });
}

std::vector<StepCost> generator_steps(const Graph& generator, const Graph& adversary, Loss loss,
                                      std::size_t samples, std::size_t batch) {
  std::vector<bool> fixed(parameters_of(generator).size());
  fixed.resize(fixed.size() + parameters_of(adversary).size(), true);
  return network_steps(chained(generator, adversary), loss, samples, batch, fixed);
}

std::vector<StepCost> adversary_steps(const Graph& generator, const Graph& adversary, Loss loss,
                                      std::size_t samples, std::size_t batch) {
  constexpr auto kTimes = static_cast<std::int64_t>(kJudged);
  std::vector<StepCost> steps = steps_of(samples, batch, [&](std::int64_t size) {
    std::vector<StepMatmul> matmuls =
        step_matmuls(forward_graph(generator, Loss::MeanSquaredError, size));
    const std::vector<StepMatmul> judged =
        step_matmuls(training_graph(adversary, loss, kTimes * size));
    matmuls.insert(matmuls.end(), judged.begin(), judged.end());
    return matmuls;
  });
  for (StepCost& step : steps) {
    step.samples *= static_cast<std::uint32_t>(kJudged);
  }
  return steps;
}

}  // namespace systol
