// Networks that look rows up, in a form that can be trained.
#pragma once

#include "host/graph/graph.h"

namespace systol {

/// The network with multiplications in place of what its host does: an input [tokens][size] whose
/// rows are looked up is the product of an input [tokens][rows of the table], of which each row has
/// a 1 in the place of an index, with the table, now the constant "NAME.table"; rotary angles are
/// constants of the first sample's positions. All other tensors keep their numbers. A table that is
/// made up has no values yet.
Graph with_one_hot_rows(const Graph& network);

/// The network with the values that with_one_hot_rows(network) has after training.
Graph with_trained_values(Graph network, const Graph& trained);

}  // namespace systol
