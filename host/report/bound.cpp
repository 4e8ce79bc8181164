#include "host/report/bound.h"

#include <algorithm>

namespace systol {

std::string_view bound_of(const NodeReport& node) {
  if (node.ledger.total().count() == 0) {
    return "overlapped";
  }
  const auto& cycles = node.ledger.cycles;
  const auto most = static_cast<std::size_t>(std::ranges::max_element(cycles) - cycles.begin());
  switch (static_cast<CycleClass>(most)) {
    case CycleClass::ArrayActive:
      return node.activity[Action::MacsUseful] < node.activity[Action::MacsUnused] ? "ragged edges"
                                                                                   : "array";
    case CycleClass::WeightStall:
      return "weights' memory";
    case CycleClass::WeightShift:
      return "weight shift";
    case CycleClass::InputStall:
      return "activations' memory";
    case CycleClass::RawStall:
    case CycleClass::NonMatrix:
    case CycleClass::Idle:
      break;
  }
  return "accumulators, vector unit";
}

}  // namespace systol
