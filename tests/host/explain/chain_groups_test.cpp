#include "host/explain/chain_groups.h"

#include <gtest/gtest.h>

namespace systol {
namespace {

StallLink link_of(Wait wait, std::uint32_t node, std::uint64_t from, std::uint64_t to) {
  return {wait, Reason::Token, isa::Unit::Load, from, node, Cycles(from), Cycles(to)};
}

void show(ChainGroups& groups, std::uint32_t node, const std::vector<StallLink>& links) {
  Stall stall;
  stall.node = node;
  stall.command = links.front().to.count();
  stall.from = links.back().from;
  stall.to = links.front().to;
  stall.waiting_from = stall.from;
  stall.links = links;
  groups.stalled(stall);
}

TEST(ChainGroups, AddsUpStallsThatWentTheSameWay) {
  ChainGroups groups;
  // The transfers of two requests are one step.
  show(groups, 1,
       {link_of(Wait::WeightShift, 1, 29, 30), link_of(Wait::WeightsTransfer, 1, 20, 29),
        link_of(Wait::WeightsTransfer, 1, 10, 20)});
  show(groups, 1,
       {link_of(Wait::WeightShift, 1, 45, 47), link_of(Wait::WeightsTransfer, 1, 40, 45)});
  show(groups, 2, {link_of(Wait::VectorUnit, 0, 50, 150)});
  const std::vector<ChainGroup> all = groups.take();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].total, Cycles(100)) << "most cycles come first";
  EXPECT_EQ(all[0].steps, (std::vector<ChainStep>{{Wait::VectorUnit, Reason::Token, 0}}));
  EXPECT_EQ(all[1].stalls, 2U);
  EXPECT_EQ(all[1].total, Cycles(27));
  EXPECT_EQ(all[1].cycles, (std::vector<Cycles>{Cycles(3), Cycles(24)}));
  EXPECT_EQ(all[1].command, 30U) << "the first is the example";
  EXPECT_EQ(all[1].links.size(), 3U);
}

TEST(ChainGroups, KeepsNodesAndReasonsApart) {
  ChainGroups groups;
  show(groups, 0, {link_of(Wait::VectorUnit, 0, 0, 1)});
  show(groups, 0, {link_of(Wait::VectorUnit, 1, 1, 2)});
  show(groups, 1, {link_of(Wait::VectorUnit, 1, 2, 3)});
  StallLink full = link_of(Wait::VectorUnit, 1, 3, 4);
  full.reason = Reason::QueueFull;
  show(groups, 1, {full});
  EXPECT_EQ(groups.take().size(), 4U);
}

TEST(ChainGroups, OfALongWayKeepsTheFirstSteps) {
  ChainGroups groups;
  std::vector<StallLink> links;
  for (std::uint64_t i = 100; i > 0; --i) {
    links.push_back(link_of(i % 2 == 0 ? Wait::VectorUnit : Wait::ActivationUnit, 0, i - 1, i));
  }
  show(groups, 0, links);
  const std::vector<ChainGroup> all = groups.take();
  ASSERT_EQ(all[0].steps.size(), ChainGroups::kMostSteps);
  EXPECT_EQ(all[0].cycles.front(), Cycles(1));
  EXPECT_EQ(all[0].cycles.back(), Cycles(100 - ChainGroups::kMostSteps + 1));
}

}  // namespace
}  // namespace systol
