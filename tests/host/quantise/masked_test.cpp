#include "host/quantise/masked.h"

#include <gtest/gtest.h>

#include <cmath>

#include "host/graph/text.h"
#include "host/quantise/calibration.h"
#include "host/quantise/quantise.h"

namespace systol {
namespace {

constexpr std::string_view kMasked = R"(
input s [2, 4]
input m [4]
node w = linear[10000, -10000](m)
node a = add(s, w)
node p = softmax(a)
output p
)";

/// Two rows of scores, and a mask that leaves two of four.
const std::vector<float> kInputs{1, 2, 3, 4, -1, -2, 0.5F, 0, 1, 1, 0, 0};

std::vector<ValueRange> narrowed(const Graph& graph) {
  std::vector<ValueRange> ranges = calibrated_ranges(graph, kInputs, 1, {});
  narrow_masked(graph, kInputs, 1, ranges);
  return ranges;
}

TEST(Masked, SumsEndWhereTheirShareIsNothing) {
  const Graph graph = graph_from_text(kMasked, "g");
  const std::vector<ValueRange> ranges = narrowed(graph);
  // The rows' largest values are 2 and -1. 4 x exp(-distance) is half of 1 / 256.
  const float low = -1 - std::log(2.0F * 256 * 4);
  EXPECT_EQ(ranges[index_of(graph.nodes[1].output)], (ValueRange{low, 2}));
  // Scores are at most 4, so that the mask need not be smaller than this.
  EXPECT_EQ(ranges[index_of(graph.nodes[0].output)], (ValueRange{low - 4, 0}));
  EXPECT_EQ(ranges[index_of(graph.inputs[0])], (ValueRange{-2, 4}));
}

TEST(Masked, OnlySoSmallValuesAreLeftOut) {
  const Graph graph = graph_from_text(R"(
input s [2, 4]
input m [4]
node w = linear[32, -32](m)
node a = add(s, w)
node p = softmax(a)
output p
)",
                                      "g");
  EXPECT_EQ(narrowed(graph)[index_of(graph.nodes[1].output)], (ValueRange{-32, 2}));
}

TEST(Masked, WhatSomethingElseReadsStays) {
  const Graph graph = graph_from_text(R"(
input s [2, 4]
input m [4]
node w = linear[10000, -10000](m)
node a = add(s, w)
node p = softmax(a)
node r = relu(w)
output p
output r
)",
                                      "g");
  EXPECT_EQ(narrowed(graph)[index_of(graph.nodes[0].output)], (ValueRange{-10000, 0}));
}

/// Two of four probabilities are 0, and the others those of the scores.
TEST(Masked, ProbabilitiesAreThoseOfTheScoresThatAreLeft) {
  const auto graph = std::make_shared<const Graph>(graph_from_text(kMasked, "g"));
  const QuantGraph quantised = quantise(graph, kInputs, 1);
  const Quantisation sums = quantised.of(graph->nodes[1].output);
  EXPECT_LT(sums.scale, 0.05F) << "10,002 in 255 steps are 39";
}

}  // namespace
}  // namespace systol
