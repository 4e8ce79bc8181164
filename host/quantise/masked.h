// Ranges of what masks make: values that a softmax turns into nothing need no steps of their own.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "host/graph/graph.h"
#include "host/reference/float_network.h"

namespace systol {

/// Of a sum that a softmax alone reads and whose smallest value is more than 64 below its largest:
/// the range ends where the values of a row, were all of them there, would have a share of less
/// than half a step of the softmax, below the smallest of all rows' largest values. What is added
/// to such sums alone, a mask, has no smaller values than that takes. `ranges` by TensorId, from
/// the same samples, `inputs` [rows][graph.input_size()]. Nothing changes where the model's file
/// has the quantisation, and in networks whose shapes grow.
/// `seen` sees what is computed, where there is such a sum.
void narrow_masked(const Graph& graph, std::span<const float> inputs, std::size_t rows,
                   std::vector<ValueRange>& ranges, const FloatObserver& seen = {});

}  // namespace systol
