#include "host/compile/step_limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "host/compile/band_needs.h"
#include "host/compile/network_areas.h"
#include "host/graph/infer.h"
#include "sim/base/error.h"

namespace systol {
namespace {

/// The sums of an input-stationary array have a row for each output, so that a product's second
/// operand would have to come column by column.
void check_dataflow(const Plan& plan, const Step& step) {
  if (step.kind == StepKind::Product && plan.config.dataflow == Dataflow::InputStationary) {
    throw InputError(fmt::format(
        "{}: an input-stationary array multiplies by constants only; use array.dataflow "
        "weight_stationary or output_stationary",
        place_of(*plan.graph, plan.graph->nodes[step.node])));
  }
}

/// The step's parameters as far as they are loaded as a whole.
std::uint64_t whole_parameters(const Plan& plan, const BandNeeds& needs, const Step& step) {
  const bool cut = needs.axes(step, true) > 0;
  return parameters_of(*plan.graph, step).bytes - (cut ? operand_bytes(*plan.graph, step) : 0);
}

/// Adds, step by step, what never goes to memory and is neither read nor written there.
void add_bystanders(const Plan& plan, const BandNeeds& needs, std::vector<std::uint64_t>& bytes) {
  for (std::size_t item = 0; item < plan.tensors.size(); ++item) {
    const Lifetime& tensor = plan.tensors[item];
    if (!needs.must_stay(tensor.tensor)) {
      continue;
    }
    const auto state = std::ranges::find(plan.states, tensor.tensor, &StatePlace::next);
    const std::size_t last = state == plan.states.end() ? tensor.last : last_need(plan, *state);
    for (std::size_t i = tensor.first; i <= last && i < bytes.size(); ++i) {
      const Step& step = plan.steps[i];
      const bool own = step.output == tensor.tensor ||
                       std::ranges::find(step.sources, tensor.tensor) != step.sources.end();
      bytes[i] += own ? 0 : plan.places[item].layout.bytes();
    }
  }
}

/// With all in memory that can be, and the smallest bands: this says so before one tensor after
/// another is tried, and names the step that needs most.
void check_least(const Plan& plan, std::uint64_t capacity) {
  const std::vector<bool> spilled(plan.tensors.size(), true);
  const std::vector<bool> streamed(plan.steps.size(), true);
  const BandNeeds needs(plan, spilled, streamed);
  std::vector<std::uint64_t> bytes;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.steps[i];
    bytes.push_back(needs.least_bytes(step, true) + wide_bytes(*plan.graph, step));
    if (i + 1 < plan.steps.size()) {  // which are loaded meanwhile
      bytes.back() += whole_parameters(plan, needs, plan.steps[i + 1]);
    }
  }
  add_bystanders(plan, needs, bytes);
  const auto most = std::ranges::max_element(bytes);
  if (most != bytes.end() && *most > capacity) {
    throw InputError(fmt::format(
        "{}: node '{}' needs at least {} bytes of the unified buffer at a time, and {} are free; "
        "raise unified_buffer.capacity",
        plan.graph->place(), plan.steps[static_cast<std::size_t>(most - bytes.begin())].name, *most,
        capacity));
  }
}

}  // namespace

void check_steps(const Plan& plan, std::uint64_t capacity) {
  for (const Step& step : plan.steps) {
    check_dataflow(plan, step);
  }
  check_least(plan, capacity);
}

std::size_t last_need(const Plan& plan, const StatePlace& state) {
  const Lifetime& next = plan.tensors[plan.index_of(state.next)];
  if (std::ranges::find(plan.outputs, state.next) != plan.outputs.end()) {
    return next.last;
  }
  std::size_t last = next.first;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const auto reads = [&](TensorId tensor) {
      return std::ranges::count(plan.steps[i].sources, tensor) > 0;
    };
    const bool used = reads(state.next) || (state.more_bytes == 0 && reads(state.value));
    last = used ? std::max(last, i) : last;
  }
  return last;
}

void refuse_step(const Plan& plan, const Step& step, std::uint64_t bytes, std::uint64_t capacity) {
  throw InputError(fmt::format(
      "{}: node '{}' needs {} bytes of the unified buffer at a time, and {}; raise "
      "unified_buffer.capacity",
      plan.graph->place(), step.name, bytes,
      bytes > capacity
          ? fmt::format("{} are free", capacity)
          : fmt::format("of the {} that are free what other nodes need leaves none as large in one "
                        "piece",
                        capacity)));
}

}  // namespace systol
