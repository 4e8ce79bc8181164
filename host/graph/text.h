// A graph's structure as text, for tests and for people; constants are written as shapes only.
#pragma once

#include <string>
#include <string_view>

#include "host/graph/graph.h"

namespace systol {

/// One line for each input, constant, state, node and output, in this order:
///
///     graph "mnist"
///     input x [784]
///     constant fc1.weights [784, 128]
///     node fc1 = matmul(x, fc1.weights)
///     node relu1 = relu(fc1)
///     node flat = reshape[128](relu1)
///     output relu1
///
/// and "state h [16] next fc1" for a state. Operations are written as operation_text.h says.
std::string to_text(const Graph& graph);

/// Reads it back; names have no blanks, commas or brackets. `#` begins a comment. Throws
/// InputError with `file`, the line and what was expected; what it returns is verified.
Graph graph_from_text(std::string_view text, const std::string& file);

}  // namespace systol
