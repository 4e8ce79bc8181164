// What holds a node up, in the field's words.
#pragma once

#include <string_view>

#include "host/report/report.h"

namespace systol {

/// The resource that most of the node's cycles go to:
/// "array" where most rows are fed with most PEs at work, "ragged edges" where most PEs are not;
/// "weights' memory" or "activations' memory", their bandwidth or latency; "activations on the
/// weights' memory" where weights wait for activations that the same memory moves, and "weights on
/// the activations' memory"; "weight shift"; "accumulators", the way into them included;
/// "activation unit"; "vector unit"; "buffer" where tiles come from it; "dispatch" of commands.
/// "overlapped" for a node without a cycle of its own: the matmuls beside it have them all.
std::string_view bound_of(const NodeReport& node);

}  // namespace systol
