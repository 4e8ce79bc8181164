#include "host/compile/liveness.h"

#include <algorithm>

namespace systol {
namespace {

/// A state is loaded during the step before the first that reads it.
std::size_t before_first_use(const Steps& steps, TensorId tensor) {
  for (std::size_t i = 0; i < steps.steps.size(); ++i) {
    if (std::ranges::count(steps.steps[i].sources, tensor) > 0) {
      return i == 0 ? 0 : i - 1;
    }
  }
  return 0;
}

}  // namespace

std::vector<Lifetime> lifetimes_of(const Graph& graph, const Steps& steps) {
  std::vector<Lifetime> lifetimes;
  for (const TensorId input : graph.inputs) {
    lifetimes.push_back({input, elements(graph.shape(input)), 0, 0});
  }
  for (const StoredState& state : steps.states) {
    lifetimes.push_back({state.value, elements(graph.shape(state.value)), 0, 0});
  }
  for (std::size_t i = 0; i < steps.steps.size(); ++i) {
    const Step& step = steps.steps[i];
    lifetimes.push_back({step.output, std::uint64_t{step.outputs} * step.rows, i, i});
  }
  for (Lifetime& lifetime : lifetimes) {
    for (std::size_t i = 0; i < steps.steps.size(); ++i) {
      if (std::ranges::count(steps.steps[i].sources, lifetime.tensor) > 0) {
        lifetime.last = i;
      }
    }
    if (std::ranges::find(steps.outputs, lifetime.tensor) != steps.outputs.end()) {
      lifetime.last = steps.steps.size();
    }
  }
  for (const StoredState& state : steps.states) {
    std::ranges::find(lifetimes, state.next, &Lifetime::tensor)->last = steps.steps.size();
    Lifetime& value = *std::ranges::find(lifetimes, state.value, &Lifetime::tensor);
    value.first = before_first_use(steps, state.value);
  }
  return lifetimes;
}

std::uint64_t peak_bytes(const std::vector<Lifetime>& lifetimes) {
  std::uint64_t peak = 0;
  for (const Lifetime& at : lifetimes) {  // the peak is where some tensor begins
    std::uint64_t bytes = 0;
    for (const Lifetime& other : lifetimes) {
      bytes += other.first <= at.first && at.first <= other.last ? other.sample_bytes : 0;
    }
    peak = std::max(peak, bytes);
  }
  return peak;
}

}  // namespace systol
