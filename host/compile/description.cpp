#include "host/compile/description.h"

#include <algorithm>

#include "host/compile/regions.h"
#include "host/graph/operation.h"

namespace systol {
namespace {

constexpr const char* kBuffer = "buffer";
constexpr const char* kMemory = "memory";

/// A chain that streams keeps nothing in the buffer.
const char* place_of(const Plan& plan, TensorId tensor) {
  return plan.resident() && plan.in_buffer(tensor) ? kBuffer : kMemory;
}

std::string places_of(const Plan& plan, const std::vector<TensorId>& tensors) {
  bool buffer = false;
  bool memory = false;
  for (const TensorId tensor : tensors) {
    (place_of(plan, tensor) == kBuffer ? buffer : memory) = true;
  }
  return buffer && memory ? "buffer, memory" : buffer ? kBuffer : kMemory;
}

void describe_tiles(const Tiling& tiling, const ArrayConfig& config, StepDescription& step) {
  step.row_tiles = tiling.row_tiles();
  step.column_tiles = tiling.column_tiles();
  const double slots = static_cast<double>(step.row_tiles * step.column_tiles) *
                       static_cast<double>(config.rows * isa::lane_values(config.pe)) *
                       static_cast<double>(tiling.tile_columns);
  step.filled = static_cast<double>(tiling.inputs) * static_cast<double>(tiling.outputs) / slots;
}

}  // namespace

std::vector<StepDescription> describe(const Plan& plan) {
  std::vector<StepDescription> result;
  std::uint64_t first = 0;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.steps[i];
    StepDescription& description = result.emplace_back();
    description.name = step.name;
    description.operation = name_of(plan.graph->nodes[step.node].operation);
    const bool matrix = step.kind == StepKind::Matrix || step.kind == StepKind::Product;
    description.unit = matrix ? "matrix" : "vector";
    if (matrix) {
      describe_tiles(plan.constants[i].tiling, plan.config, description);
    }
    if (!plan.chain && plan.step_areas[i].bands) {
      const TensorId output = plan.graph->nodes[step.node].output;
      description.bands =
          parts_of(seen_shape(*plan.graph, step, output), plan.step_areas[i].bands->cut);
    }
    description.choices = layer_choices(plan, i);
    description.constants = plan.constants[i].end - first;
    first = plan.constants[i].end;
    if (step.added) {
      description.residual = plan.graph->tensor(step.sources.back()).name;
    }
    description.inputs = places_of(plan, step.sources);
    description.output = place_of(plan, step.output);
  }
  return result;
}

}  // namespace systol
