#include "host/report/bound.h"

#include <gtest/gtest.h>

namespace systol {
namespace {

/// A node that fed in 10 cycles with most PEs at work, and waited for these.
NodeReport node_of(std::initializer_list<std::pair<Wait, std::uint64_t>> waits) {
  NodeReport node;
  node.ledger[CycleClass::ArrayActive] = Cycles(10);
  node.activity[Action::MacsUseful] = 10;
  node.activity[Action::MacsUnused] = 9;
  for (const auto& [wait, cycles] : waits) {
    node.waits[static_cast<std::size_t>(wait)] = Cycles(cycles);
  }
  return node;
}

TEST(Bound, IsWhatMostCyclesGoTo) {
  EXPECT_EQ(bound_of(node_of({})), "array");
  EXPECT_EQ(bound_of(node_of({{Wait::VectorUnit, 10}})), "array");
  EXPECT_EQ(bound_of(node_of({{Wait::VectorUnit, 11}})), "vector unit");
  EXPECT_EQ(bound_of(node_of({{Wait::WeightShift, 11}})), "weight shift");
  EXPECT_EQ(bound_of(node_of({{Wait::Accumulators, 11}})), "accumulators");
  EXPECT_EQ(bound_of(node_of({{Wait::ActivationUnit, 11}})), "activation unit");
  EXPECT_EQ(bound_of(node_of({{Wait::LoadTile, 11}})), "buffer");
  EXPECT_EQ(bound_of(node_of({{Wait::Dispatch, 11}})), "dispatch");
}

TEST(Bound, OfAMemoryIsItsBandwidthAndItsLatencyTogether) {
  EXPECT_EQ(bound_of(node_of({{Wait::WeightsTransfer, 6}, {Wait::WeightsLatency, 5}})),
            "weights' memory");
  EXPECT_EQ(bound_of(node_of({{Wait::ActivationsTransfer, 6}, {Wait::ActivationsLatency, 5}})),
            "activations' memory");
}

TEST(Bound, OfASharedMemorySaysWhoseBytesWereInTheWay) {
  EXPECT_EQ(bound_of(node_of({{Wait::WeightsTransfer, 3}, {Wait::ActivationsBeforeWeights, 11}})),
            "activations on the weights' memory");
  EXPECT_EQ(bound_of(node_of({{Wait::WeightsBeforeActivations, 11}})),
            "weights on the activations' memory");
}

TEST(Bound, OfAnArrayWhosePesMostlyIdleIsItsRaggedEdges) {
  NodeReport node = node_of({});
  node.activity[Action::MacsUnused] = 10;
  EXPECT_EQ(bound_of(node), "array");
  node.activity[Action::MacsUnused] = 11;
  EXPECT_EQ(bound_of(node), "ragged edges");
}

TEST(Bound, OfANodeWithoutACycleIsThatItOverlaps) {
  EXPECT_EQ(bound_of(NodeReport{}), "overlapped");
}

}  // namespace
}  // namespace systol
