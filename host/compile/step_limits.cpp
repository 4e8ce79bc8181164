#include "host/compile/step_limits.h"

#include <fmt/format.h>

#include <set>

#include "host/compile/regions.h"
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

/// Whichever of its tensors go through memory: this says so before one after another is tried.
void check_whole(const Plan& plan, const Step& step, std::uint64_t capacity) {
  if (can_be_cut(*plan.graph, step)) {
    return;
  }
  std::set<TensorId> tensors(step.sources.begin(), step.sources.end());
  tensors.insert(step.output);
  std::uint64_t bytes = 0;
  for (const TensorId tensor : tensors) {
    bytes += plan.place_of(tensor).layout.values();
  }
  if (bytes > capacity) {
    refuse_step(plan, step, bytes, capacity);
  }
}

}  // namespace

void check_steps(const Plan& plan, std::uint64_t capacity) {
  for (const Step& step : plan.steps) {
    check_dataflow(plan, step);
    check_whole(plan, step, capacity);
  }
}

void refuse_step(const Plan& plan, const Step& step, std::uint64_t bytes, std::uint64_t capacity) {
  throw InputError(fmt::format(
      "{}: node '{}' needs {} bytes of the unified buffer at a time, and {} are free; raise "
      "unified_buffer.capacity",
      plan.graph->place(), step.name, bytes, capacity));
}

}  // namespace systol
