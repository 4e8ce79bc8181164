#include "host/report/bound.h"

#include <algorithm>

namespace systol {
namespace {

struct Bound {
  std::string_view name;
  Cycles cycles;
};

/// How long the node waited for any of these.
Cycles waited(const NodeReport& node, std::initializer_list<Wait> waits) {
  Cycles sum;
  for (const Wait wait : waits) {
    sum += node.waits[static_cast<std::size_t>(wait)];
  }
  return sum;
}

std::string_view array_of(const NodeReport& node) {
  return node.activity[Action::MacsUseful] < node.activity[Action::MacsUnused] ? "ragged edges"
                                                                               : "array";
}

}  // namespace

std::string_view bound_of(const NodeReport& node) {
  if (node.ledger.total().count() == 0) {
    return "overlapped";
  }
  const std::array bounds = {
      Bound{array_of(node), node.ledger[CycleClass::ArrayActive]},
      Bound{"weights' memory", waited(node, {Wait::WeightsTransfer, Wait::WeightsLatency})},
      Bound{"activations on the weights' memory", waited(node, {Wait::ActivationsBeforeWeights})},
      Bound{"activations' memory",
            waited(node, {Wait::ActivationsTransfer, Wait::ActivationsLatency})},
      Bound{"weights on the activations' memory", waited(node, {Wait::WeightsBeforeActivations})},
      Bound{"weight shift", waited(node, {Wait::WeightShift})},
      Bound{"accumulators", waited(node, {Wait::Accumulators})},
      Bound{"activation unit", waited(node, {Wait::ActivationUnit})},
      Bound{"vector unit", waited(node, {Wait::VectorUnit})},
      Bound{"buffer", waited(node, {Wait::LoadTile})},
      Bound{"dispatch", waited(node, {Wait::Dispatch})}};
  return std::ranges::max_element(bounds, {}, &Bound::cycles)->name;
}

}  // namespace systol
