#include "host/compile/layer_choices.h"

#include <gtest/gtest.h>

#include "host/graph/text.h"
#include "tests/host/compile/networks.h"

namespace systol::test {
namespace {

/// "text: cycles" of each.
std::vector<std::string> texts(const Plan& plan, std::size_t step) {
  std::vector<std::string> result;
  for (const LayerChoice& choice : layer_choices(plan, step)) {
    result.push_back(fmt::format("{}: {}", choice.text, choice.cost.count()));
  }
  return result;
}

Plan plan_of(std::string_view text, const ArrayConfig& config, std::uint32_t batch = 1) {
  const auto graph = std::make_shared<const Graph>(graph_from_text(text, "network"));
  return make_plan(graph, nullptr, config, batch, batch);
}

using Texts = std::vector<std::string>;

constexpr std::string_view kThree = R"(
input x [6, 5, 8]
constant w1 [1, 1, 8, 6]
constant w2 [1, 1, 6, 9]
constant w3 [1, 1, 9, 3]
node y = convolution(x, w1)
node z = convolution(y, w2)
node v = convolution(z, w3)
output v
)";

/// On 4 x 4 PEs with 32 accumulator rows for each of two blocks, 16 bytes and 1 request a cycle, a
/// latency of 20 cycles, 8 requests in flight, 4 tiles in the FIFO: a tile of weights takes at
/// least (16 / 16 + 20 + 1 + 4) / 4 = 6.5 cycles.
TEST(LayerChoices, ALayerInTheBufferCouldGoThroughMemory) {
  const Plan plan = plan_of(kThree, array(4, 4));
  // 2 x 3 tiles of 30 rows. In two bands of 3 x 5 pixels the matmuls are as many, and the first
  // band's load is waited for: 180 / 16 / 2 + 20. Three bands wait less, and fetch the weights once
  // more than a smaller buffer would.
  EXPECT_EQ(texts(plan, 1), (Texts{"6 rows x 3 column tiles: 180",
                                   "3 rows x 3 column tiles, input through memory: 206"}));
  // The network's input is waited for in whole: 2 x 2 x 30 + 240 / 16 + 20. In bands of 3 rows it
  // is 240 / 16 / 2 + 20.
  EXPECT_EQ(texts(plan, 0), (Texts{"6 rows x 2 column tiles: 155",
                                   "3 rows x 2 column tiles, input through memory: 148"}));
}

TEST(LayerChoices, OfSeveralSamplesEachWouldGoThroughAlone) {
  const Plan plan = plan_of(kThree, array(4, 4), 2);
  ASSERT_EQ(plan.resident_rows, 2U);
  // 60 rows are two blocks of 30, and in bands one sample follows another.
  EXPECT_EQ(texts(plan, 1), (Texts{"6 rows x 3 column tiles x 2 samples: 360",
                                   "3 rows x 3 column tiles, input through memory: 412"}));
}

TEST(LayerChoices, OfALayerInBandsAreItsCandidates) {
  Plan plan = plan_of(kThree, array(4, 4, least_buffer(4, 4) + 260));
  ASSERT_TRUE(plan.step_areas[1].bands);
  // The output alone is in memory. 2 x 3 tiles of 10 rows in three bands, each of which waits for
  // the store of the one before: 180 + 3 x (270 / 16 / 3 + 20). With two areas in turn for six
  // bands of 5 rows, which take the 6.5 cycles of a tile, the last store is waited for: 36 x 6.5 +
  // 270 / 16 / 6 + 20.
  EXPECT_EQ(texts(plan, 1), (Texts{"2 rows x 3 column tiles: 257", "1 row x 3 column tiles: 257"}));
  // The costs are those of the machine that the plan is for, whatever its bands were chosen by: 180
  // + 3 x 20, and 36 x (20 + 1 + 4) / 4 + 20.
  plan.config.memories.front().bandwidth.reset();
  EXPECT_EQ(texts(plan, 1), (Texts{"2 rows x 3 column tiles: 240", "1 row x 3 column tiles: 245"}));
}

constexpr std::string_view kChain = R"(
input x [12]
constant w1 [12, 9]
constant w2 [9, 4]
node a = matmul(x, w1)
node b = matmul(a, w2)
output b
)";

TEST(LayerChoices, AChainCouldStream) {
  const Plan plan = plan_of(kChain, array(4, 4), 10);
  ASSERT_TRUE(plan.chain);
  // 3 x 3 tiles of 10 rows, and the input: 120 / 16 + 20 = 27.5. Through memory the 90 rows of
  // tiles that are loaded take 90 x 21 / 8 = 236.25 cycles, the 30 stored ones 78.75, and the
  // weights 108 / 16 = 6.75, all by one memory, and the latency of 20.
  EXPECT_EQ(texts(plan, 0), (Texts{"10 samples x 3 column tiles: 118",
                                   "10 samples x 1 tile, through memory: 342"}));
}

TEST(LayerChoices, AChainThatStreamsHasNoOther) {
  const Plan plan = plan_of(kChain, array(4, 4, least_buffer(4, 4)), 10);
  ASSERT_FALSE(plan.resident());
  const std::vector<LayerChoice> choices = layer_choices(plan, 0);
  ASSERT_EQ(choices.size(), 1U);
  EXPECT_EQ(choices[0].text, "1 sample x 1 tile, through memory");
  // Ten blocks of one row: of each 9 tiles of at least 6.5 cycles, 3 x 9 rows of tiles to load,
  // and 10 times as many weights: 236.25 + 78.75 + 67.5 + 20, less than
  // 585 + (236.25 / 90 + 20) + (78.75 / 30 + 20).
  EXPECT_EQ(choices[0].cost, Cycles(631));
}

}  // namespace
}  // namespace systol::test
