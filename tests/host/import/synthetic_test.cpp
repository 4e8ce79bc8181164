#include "host/import/synthetic.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "host/import/sizes.h"

namespace systol {
namespace {

TEST(Synthetic, TheGeneratorIsSplitMix64) {
  SplitMix64 random(1234567);  // the values that its authors' C program gives
  EXPECT_EQ(random.next(), 6457827717110365317U);
  EXPECT_EQ(random.next(), 3203168211198807973U);
  EXPECT_EQ(random.next(), 9817491932198370423U);
}

TEST(Synthetic, WeightsAreTheSameOnEveryMachine) {
  const DenseLayer layer = dense_from_sizes("3x2", 7).layers[0];
  EXPECT_EQ(layer.weights, (std::vector<float>{-0x1.2cd4eap-1F, 0x1.d31198p-1F, -0x1.3cb51ep-4F,
                                               -0x1.175f8ap-2F, -0x1.92c06ap-1F, -0x1.a70978p-2F}));
  EXPECT_EQ(layer.bias, (std::vector<float>{0x1.72ee2ep-5F, 0x1.9334cap-4F}));
}

TEST(Synthetic, ALayersWeightsDoNotDependOnTheOnesBefore) {
  EXPECT_EQ(dense_from_sizes("9x4x5").layers[1].weights,
            dense_from_sizes("7x4x5").layers[1].weights);
  EXPECT_NE(dense_from_sizes("4x4x4").layers[0].weights,
            dense_from_sizes("4x4x4").layers[1].weights);
}

TEST(Synthetic, InputsLieInTheNetworksRange) {
  Graph graph = dense_from_sizes("100x1");
  graph.input_range = ValueRange{-2.0F, 3.0F};
  const std::vector<float> inputs = synthetic_inputs(graph, 50, 1);
  ASSERT_EQ(inputs.size(), 5000U);
  const auto [low, high] = std::minmax_element(inputs.begin(), inputs.end());
  EXPECT_GE(*low, -2.0F);
  EXPECT_LT(*low, -1.9F);
  EXPECT_LE(*high, 3.0F);
  EXPECT_GT(*high, 2.9F);
}

}  // namespace
}  // namespace systol
