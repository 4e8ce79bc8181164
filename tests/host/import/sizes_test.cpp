#include "host/import/sizes.h"

#include <gtest/gtest.h>

#include "sim/base/error.h"

namespace systol {
namespace {

std::string error_of(std::string_view sizes) {
  try {
    dense_from_sizes(sizes);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Sizes, OneNumberIsASquareLayer) {
  const Graph graph = dense_from_sizes("64");
  ASSERT_EQ(graph.layers.size(), 1U);
  EXPECT_EQ(graph.inputs(), 64U);
  EXPECT_EQ(graph.outputs(), 64U);
  EXPECT_EQ(graph.layers[0].weights.size(), 4096U);
  EXPECT_EQ(graph.name, "64");
}

TEST(Sizes, MoreNumbersAreAChain) {
  const Graph graph = dense_from_sizes("784x300x10");
  ASSERT_EQ(graph.layers.size(), 2U);
  EXPECT_EQ(graph.layers[0].outputs, 300U);
  EXPECT_EQ(graph.layers[1].inputs, 300U);
  EXPECT_EQ(graph.layers[1].name, "dense_2");
  EXPECT_EQ(graph.layers[1].activation, Activation::None);
}

TEST(Sizes, TheSeedDecidesTheWeights) {
  EXPECT_EQ(dense_from_sizes("8", 3).layers[0].weights, dense_from_sizes("8", 3).layers[0].weights);
  EXPECT_NE(dense_from_sizes("8", 3).layers[0].weights, dense_from_sizes("8", 4).layers[0].weights);
}

TEST(Sizes, RefusesWhatIsNoSize) {
  for (const std::string text : {"", "x", "64x", "x64", "6xx4", "-3", "0", "64 ", "1000001", "4x4y",
                                 "99999999999999999999"}) {
    EXPECT_EQ(error_of(text), "'" + text +
                                  "': not a size; a size is N, KxN or AxBxC..., of whole numbers "
                                  "from 1 to 1000000");
  }
}

TEST(Sizes, RefusesNetworksThatAreTooLarge) {
  EXPECT_EQ(error_of("1000000"),
            "'1000000': 1000000000000 weights up to layer 'dense_1'; at most 536870912 are "
            "supported");
  std::string deep = "1";
  for (int i = 0; i < 1001; ++i) {
    deep += "x1";
  }
  EXPECT_EQ(error_of(deep), "'" + deep + "': 1001 layers; at most 1000 are supported");
}

}  // namespace
}  // namespace systol
