// Whether a graph is one: checked from nothing, whoever made it.
#pragma once

#include "host/graph/graph.h"

namespace systol {

/// Throws InputError, naming the node or the tensor, unless
/// - there is at least one input and one output, and every tensor that is named exists;
/// - every tensor comes from exactly one place: an input, a constant, a state or one node;
/// - every node reads only what comes before it, and computes the shape that it should;
/// - every node reads something that flows: a tensor that is no constant;
/// - a matmul and a convolution read a first input that flows, a constant bias, and constant
/// weights;
///   in place of those a matmul may read an activation; constant weights of a matmul are [K][N];
/// - names are one line and not empty, and no two nodes or tensors have the same;
/// - extents are at least 1, and a constant has no values or one for each element, and a reader;
/// - a state's next value has its shape.
void verify(const Graph& graph);

}  // namespace systol
