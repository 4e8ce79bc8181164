// The matmuls of a training step, as an array is given them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/compile/bf16_matmul.h"
#include "host/train/training_graph.h"

namespace systol {

/// Products of one shape that a layer has for one part of the step.
struct StepMatmul {
  std::string layer;
  StepPart part = StepPart::Forward;
  Bf16MatmulShape shape;
  std::uint64_t products = 1;
  bool operator==(const StepMatmul&) const = default;
};

/// Whether the node only swaps the last two axes.
bool only_turns(const Node& node);

/// Those that run, in the order of the step. A left operand that the graph transposes is read
/// transposed by the array. A product for each of the leading extents of both operands, as
/// attention has them, counts as so many products.
std::vector<StepMatmul> step_matmuls(const TrainingGraph& step);

/// "64 x 784 x 128" (rows, depth, columns), "8 of 16 x 4 x 16", or how many of several shapes.
std::string size_text(const std::vector<StepMatmul>& matmuls);

}  // namespace systol
