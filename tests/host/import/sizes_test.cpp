#include "host/import/sizes.h"

#include <gtest/gtest.h>

#include "host/graph/text.h"
#include "host/graph/verify.h"
#include "host/import/synthetic.h"
#include "tests/host/graph/small_graphs.h"

namespace systol {
namespace {

std::string sizes_error(std::string_view sizes) {
  return test::input_error_of([&] { dense_from_sizes(sizes); });
}

std::vector<float> weights(std::uint64_t seed) {
  Graph graph = dense_from_sizes("8", seed);
  fill_constants(graph);
  return test::values_of(graph, "dense_1.weights");
}

TEST(Sizes, OneNumberIsASquareLayer) {
  const Graph graph = dense_from_sizes("64");
  EXPECT_EQ(test::count_matmuls(graph), 1U);
  EXPECT_EQ(graph.input_size(), 64U);
  EXPECT_EQ(graph.output_size(), 64U);
  EXPECT_EQ(graph.shape(graph.constants[0].tensor), (Shape{64, 64}));
  EXPECT_EQ(graph.name, "64");
}

TEST(Sizes, MoreNumbersAreAChainOfShapes) {
  const Graph graph = dense_from_sizes("784x300x10");
  verify(graph);
  EXPECT_EQ(to_text(graph), R"(graph "784x300x10"
input input [784]
constant dense_1.weights [784, 300]
constant dense_1.bias [300]
constant dense_2.weights [300, 10]
constant dense_2.bias [10]
node dense_1 = matmul(input, dense_1.weights, dense_1.bias)
node dense_2 = matmul(dense_1, dense_2.weights, dense_2.bias)
output dense_2
)");
  EXPECT_TRUE(graph.constants[0].values.empty());
}

TEST(Sizes, TheSeedDecidesTheWeights) {
  EXPECT_EQ(weights(3).size(), 64U);
  EXPECT_EQ(weights(3), weights(3));
  EXPECT_NE(weights(3), weights(4));
}

TEST(Sizes, RefusesWhatIsNoSize) {
  for (const std::string text : {"", "x", "64x", "x64", "6xx4", "-3", "0", "64 ", "1000001", "4x4y",
                                 "99999999999999999999"}) {
    EXPECT_EQ(sizes_error(text),
              "'" + text +
                  "': not a size; a size is N, KxN or AxBxC..., of whole numbers "
                  "from 1 to 1000000");
  }
}

TEST(Sizes, RefusesNetworksThatAreTooLarge) {
  EXPECT_EQ(sizes_error("132000x1000000"), "no error") << "weights are limited where they are made";
  EXPECT_EQ(sizes_error("1x132001x1"),
            "'1x132001x1': layer 'dense_2': 132001 inputs; int32 accumulators hold at most 132000");
  std::string deep = "1";
  for (int i = 0; i < 1001; ++i) {
    deep += "x1";
  }
  EXPECT_EQ(sizes_error(deep), "'" + deep + "': 1001 layers; at most 1000 are supported");
}

}  // namespace
}  // namespace systol
