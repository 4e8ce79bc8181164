// The network in floating point: what the integers are measured against and calibrated by.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "host/graph.h"

namespace systol {

/// What one layer's values were over a batch.
struct LayerRanges {
  ValueRange sums;     ///< before the activation
  ValueRange outputs;  ///< after it
};

struct FloatResult {
  std::vector<float> scores;        ///< [rows][outputs] of the last layer
  ValueRange input;                 ///< of what went in
  std::vector<LayerRanges> layers;  ///< one for each layer
};

/// Runs `rows` samples, `inputs` [rows][graph.inputs()], with sums in double. A sum that is not
/// finite in float32 stays so, and its layer's range has it as an end.
FloatResult run_float(const Graph& graph, std::span<const float> inputs, std::size_t rows);

/// The index of each row's largest score, the first of equal ones; `scores` is [rows][columns].
std::vector<std::size_t> largest(std::span<const float> scores, std::size_t columns);

}  // namespace systol
