// Ranges of what masks make: a masked place is exactly nothing to a softmax, and takes no steps.
#pragma once

#include <map>
#include <vector>

#include "host/graph/graph.h"
#include "host/reference/float_network.h"

namespace systol {

/// The smallest of all rows' largest values, by the tensor that a softmax reads after something was
/// added.
using RowMaxima = std::map<TensorId, float>;

/// An observer that fills `maxima`, and tells `next`. All three must outlive it.
FloatObserver observe_rows(const Graph& graph, RowMaxima& maxima, const FloatObserver& next);

/// Of a sum of scores and a mask that a softmax alone reads. A mask is a constant as masked_up_to()
/// says, or an activation whose smallest value is more than 64 below its largest.
/// - The scores begin where the values of a row, were all of them there, would have a share of less
///   than half a step of the softmax, below the smallest of all rows' largest values; where the sum
///   alone reads them.
/// - The sum's lowest code is so far below the lowest that a score can have, that the table of
///   exponentials is 0 there.
/// - The mask's lowest code takes any score to the sum's lowest. Of a constant, where such sums
///   alone read it, `ranges` has this as the low end.
/// So a masked place adds exactly nothing to a row, whatever its other scores are. `ranges` by
/// TensorId, from the same samples as `maxima`. Nothing changes where the model's file has the
/// quantisation, and in networks whose shapes grow.
void narrow_masked(const Graph& graph, const RowMaxima& maxima, std::vector<ValueRange>& ranges);

}  // namespace systol
