// What holds a node up, in a word.
#pragma once

#include <string_view>

#include "host/report/report.h"

namespace systol {

/// The resource that most of the node's cycles go to: "array" where most rows are fed with most PEs
/// at work, "ragged edges" where most PEs are not, "weights' memory", "weight shift",
/// "activations' memory", "accumulators, vector unit", or "overlapped" for a node of the vector
/// unit that no matmul waited for.
std::string_view bound_of(const NodeReport& node);

}  // namespace systol
