#include "host/session/misfit.h"

#include <algorithm>

#include "host/session/run.h"
#include "hw/isa/machine_limits.h"

namespace systol {
namespace {

std::int64_t more(std::uint64_t value, std::uint64_t than) {
  return static_cast<std::int64_t>(value) - static_cast<std::int64_t>(than);
}

/// Nothing for an addition that the activation path does where there is room for its operand.
NodeReport same_node(const RunReport& report, const std::string& name) {
  const auto found = std::ranges::find(report.nodes, name, &NodeReport::name);
  return found == report.nodes.end() ? NodeReport{} : *found;
}

}  // namespace

bool has_misfits(const Plan& plan) {
  return plan.resident_rows < plan.batch ||
         std::ranges::any_of(plan.step_areas,
                             [](const StepAreas& areas) { return areas.bands.has_value(); });
}

MisfitReport misfits_of(const Prepared& prepared, const RunReport& report, std::uint32_t batch,
                        const Progress& progress) {
  ArrayConfig roomy = report.array;
  roomy.unified_buffer = Bytes(isa::kLargestBuffer);
  FastEngine engine;
  engine.values = false;
  const RunReport other = run(prepared, roomy, engine, {.batch = batch}, progress);
  MisfitReport misfits;
  for (const NodeReport& node : report.nodes) {
    const NodeReport whole = same_node(other, node.name);
    misfits.nodes.push_back({more(node.ledger.total().count(), whole.ledger.total().count()),
                             more(memory_bytes(node.activity), memory_bytes(whole.activity))});
  }
  misfits.total = {more(report.cycles.count(), other.cycles.count()),
                   more(memory_bytes(report.activity), memory_bytes(other.activity))};
  return misfits;
}

}  // namespace systol
