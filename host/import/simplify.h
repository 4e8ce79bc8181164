// What an importer leaves of a graph that it took over node by node.
#pragma once

#include "host/graph/graph.h"

namespace systol {

/// Joins linear functions that follow each other; folds factors and summands of each channel after
/// a layer into its constants (batch normalisation, a bias); puts one operation in place of those
/// that compute it (fuse.h); and takes out what nothing reads. A layer is a convolution or a matmul
/// with constant weights and a bias. Throws InputError where a constant becomes infinite.
void simplify(Graph& graph);

/// Takes out nodes, constants and tensors that no output and no state depends on.
void prune(Graph& graph);

}  // namespace systol
