// The matmuls of each kind of step that a training has.
#include <algorithm>
#include <functional>

#include "host/train/adversarial_trainer.h"
#include "host/train/batch_graph.h"
#include "host/train/chained.h"
#include "host/train/training_cost.h"

namespace systol {
namespace {

/// For a whole batch and for what is left: `step` is given the samples.
std::vector<StepCost> steps_of(std::size_t samples, std::size_t batch,
                               const std::function<StepCost(std::int64_t)>& step) {
  const std::size_t whole = std::min(batch, samples);
  std::vector<StepCost> steps;
  for (const std::size_t size : {whole, samples % whole}) {
    if (size > 0) {
      steps.push_back(step(static_cast<std::int64_t>(size)));
      steps.back().samples = static_cast<std::uint32_t>(size);
    }
  }
  return steps;
}

template <class Part>
void append(std::vector<Part>& all, const std::vector<Part>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

void add(StepCost& cost, const TrainingGraph& graph, const OptimiserSettings& optimiser) {
  append(cost.matmuls, step_matmuls(graph));
  append(cost.passes, graph_passes(graph));
  append(cost.passes, update_passes(graph, optimiser));
}

}  // namespace

std::vector<StepCost> network_steps(const Graph& network, Loss loss, std::size_t samples,
                                    std::size_t batch, const std::vector<bool>& fixed,
                                    DistanceRule rule, const OptimiserSettings& optimiser) {
  return steps_of(samples, batch, [&](std::int64_t size) {
    StepCost cost;
    add(cost, training_graph(network, loss, size, fixed, rule), optimiser);
    return cost;
  });
}

std::vector<StepCost> generator_steps(const Graph& generator, const Graph& adversary, Loss loss,
                                      std::size_t samples, std::size_t batch,
                                      const OptimiserSettings& optimiser) {
  std::vector<bool> fixed(parameters_of(generator).size());
  fixed.resize(fixed.size() + parameters_of(adversary).size(), true);
  return network_steps(chained(generator, adversary), loss, samples, batch, fixed,
                       DistanceRule::Full, optimiser);
}

std::vector<StepCost> adversary_steps(const Graph& generator, const Graph& adversary, Loss loss,
                                      std::size_t samples, std::size_t batch,
                                      const OptimiserSettings& optimiser) {
  constexpr auto kTimes = static_cast<std::int64_t>(kJudged);
  std::vector<StepCost> steps = steps_of(samples, batch, [&](std::int64_t size) {
    StepCost cost;
    add(cost, forward_graph(generator, Loss::MeanSquaredError, size), optimiser);
    add(cost, training_graph(adversary, loss, kTimes * size), optimiser);
    return cost;
  });
  for (StepCost& step : steps) {
    step.samples *= static_cast<std::uint32_t>(kJudged);
  }
  return steps;
}

}  // namespace systol
