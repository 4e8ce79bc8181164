// The network in floating point: what the integers are measured against and calibrated by.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "host/graph/graph.h"

namespace systol {

struct FloatResult {
  std::vector<std::vector<float>> outputs;  ///< [rows][values], one for each output of the graph
  std::vector<ValueRange> ranges;           ///< of each tensor that flows, by TensorId
};

/// Sees a tensor's values, [samples][values]; where the samples do not fit memory together, those
/// of some samples after those of others. Of states it sees nothing.
using FloatObserver = std::function<void(TensorId id, std::span<const float> values)>;

/// Runs `rows` samples, `inputs` [rows][graph.input_size()], with sums in double; one after another
/// where there are states. The graph has all its values. Of a constant there is no range. A sum
/// that is not finite in float32 stays so, and its tensor's range has it as an end.
FloatResult run_float(const Graph& graph, std::span<const float> inputs, std::size_t rows,
                      const FloatObserver& seen = {});

/// The smallest and the largest value; both ends infinite where one is not a number.
ValueRange range_of(std::span<const float> values);

}  // namespace systol
