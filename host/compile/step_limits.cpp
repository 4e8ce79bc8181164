#include "host/compile/step_limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "host/compile/band_needs.h"
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

/// With all tensors in memory, and the smallest bands: this says so before one after another is
/// tried, and names the step that needs most, so that a buffer of its size is enough for all.
void check_least(const Plan& plan, std::uint64_t capacity) {
  const std::vector<bool> spilled(plan.tensors.size(), true);
  const std::vector<bool> streamed(plan.steps.size(), true);
  const BandNeeds needs(plan, spilled, streamed);
  std::vector<std::uint64_t> bytes;
  std::ranges::transform(plan.steps, std::back_inserter(bytes),
                         [&](const Step& step) { return needs.least_bytes(step, true); });
  const auto most = std::ranges::max_element(bytes);
  if (most != bytes.end() && *most > capacity) {
    refuse_step(plan, plan.steps[static_cast<std::size_t>(most - bytes.begin())], *most, capacity);
  }
}

}  // namespace

void check_steps(const Plan& plan, std::uint64_t capacity) {
  for (const Step& step : plan.steps) {
    check_dataflow(plan, step);
  }
  check_least(plan, capacity);
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
