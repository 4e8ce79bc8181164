#include "host/compile/liveness.h"

#include <algorithm>
#include <numeric>

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

std::vector<std::uint64_t> bytes_by_step(const std::vector<Lifetime>& lifetimes, std::size_t steps,
                                         std::uint64_t samples) {
  std::vector<std::uint64_t> bytes(steps + 1);  // first what each step changes
  for (const Lifetime& lifetime : lifetimes) {
    bytes[std::min(lifetime.first, steps)] += lifetime.bytes(samples);
    bytes[std::min(lifetime.last, steps - 1) + 1] -= lifetime.bytes(samples);
  }
  std::partial_sum(bytes.begin(), bytes.end(), bytes.begin());
  bytes.pop_back();
  return bytes;
}

std::uint64_t peak_bytes(const std::vector<Lifetime>& lifetimes) {
  std::size_t steps = 1;
  for (const Lifetime& lifetime : lifetimes) {
    steps = std::max(steps, lifetime.last + 1);
  }
  const std::vector<std::uint64_t> fixed = bytes_by_step(lifetimes, steps, 0);
  const std::vector<std::uint64_t> bytes = bytes_by_step(lifetimes, steps, 1);
  std::uint64_t peak = 0;
  for (std::size_t i = 0; i < steps; ++i) {
    peak = std::max(peak, bytes[i] - fixed[i]);
  }
  return peak;
}

}  // namespace systol
