#include "host/quantise/masked.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "host/graph/text.h"
#include "host/quantise/calibration.h"
#include "host/quantise/mask.h"
#include "host/quantise/quantise.h"
#include "host/reference/integer_network.h"

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
  RowMaxima maxima;
  std::vector<ValueRange> ranges =
      calibrated_ranges(graph, kInputs, 1, {}, observe_rows(graph, maxima, {}));
  narrow_masked(graph, maxima, ranges);
  return ranges;
}

TEST(Masked, SumsEndWhereTheirShareIsNothing) {
  const Graph graph = graph_from_text(kMasked, "g");
  const std::vector<ValueRange> ranges = narrowed(graph);
  // Scores are -2 to 4. Below -2 65535 x exp(-distance) is half of 1 from -13.8 on.
  const ValueRange sums = ranges[index_of(graph.nodes[1].output)];
  EXPECT_NEAR(sums.low, -2 - std::log(2.0F * 65535), 0.5F);
  EXPECT_EQ(sums.high, 2);
  // So the mask need not be smaller than this.
  const ValueRange mask = ranges[index_of(graph.nodes[0].output)];
  EXPECT_NEAR(mask.low, sums.low - 4, 0.5F);
  EXPECT_EQ(mask.high, 0);
  EXPECT_EQ(ranges[index_of(graph.inputs[0])], (ValueRange{-2, 4}));
}

/// The rows' largest values are 50 and -1; in a row of 2 the share of two scores is half of 1 / 256
/// from ln 1024 = 6.93 below -1 on.
TEST(Masked, ScoresEndWhereTheirShareIsNothing) {
  const Graph graph = graph_from_text(R"(
input s [2, 2]
constant m [2]
node a = add(s, m)
node p = softmax(a)
output p
)",
                                      "g");
  Graph masking = graph;
  masking.constants.front().values = {0, -32};
  const std::vector<float> inputs{50, 2, -1, -90};
  RowMaxima maxima;
  std::vector<ValueRange> ranges =
      calibrated_ranges(masking, inputs, 1, {}, observe_rows(masking, maxima, {}));
  narrow_masked(masking, maxima, ranges);
  EXPECT_NEAR(ranges[index_of(graph.inputs[0])].low, -1 - std::log(1024.0F), 1e-3F);
  EXPECT_EQ(ranges[index_of(graph.inputs[0])].high, 50);
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
  EXPECT_LT(sums.scale, 0.07F) << "10,002 in 255 steps are 39";
}

/// For each code of a score: what is left of it in the sum is so far above what is masked that the
/// table has nothing there.
void expect_nothing_masked(const std::string& text, const std::vector<float>& mask,
                           const std::vector<float>& scores) {
  Graph made = graph_from_text(text, "g");
  if (!made.constants.empty()) {
    made.constants.front().values = mask;
  }
  std::vector<float> inputs = scores;
  if (made.constants.empty()) {
    inputs.insert(inputs.end(), mask.begin(), mask.end());
  }
  const auto graph = std::make_shared<const Graph>(std::move(made));
  const QuantGraph quantised = quantise(graph, inputs, 1);
  const auto& softmax = std::get<QuantSoftmax>(quantised.nodes.back());
  for (int code = -128; code <= 127; ++code) {
    std::vector<std::int8_t> codes = quantise_inputs(quantised, inputs);
    std::fill_n(codes.begin(), scores.size(), static_cast<std::int8_t>(code));
    const IntegerResult result = run_integer(quantised, codes, 1);
    const std::vector<std::int8_t>& sums = result.of(graph->nodes.back().inputs.front());
    for (std::size_t i = 0; i < sums.size(); i += 2) {  // the second of two is masked
      ASSERT_EQ(sums[i + 1], -128) << code;
      ASSERT_EQ(softmax.table[static_cast<std::size_t>(sums[i] + 128)], 0) << code;
    }
  }
}

TEST(Masked, AMaskedPlaceIsExactlyNothingWhateverTheScores) {
  const std::string constant = "input s [2, 2]\nconstant m [2]\nnode a = add(s, m)\n";
  const std::string activation = "input s [2, 2]\ninput m [2]\nnode a = add(s, m)\n";
  const std::string softmax = "node p = softmax(a)\noutput p\n";
  const std::string moved =
      "node b = reshape[4, 1](a)\nnode c = reshape[2, 2](b)\n"
      "node p = softmax(c)\noutput p\n";
  const std::string twice = "node b = add(m, a)\nnode p = softmax(b)\noutput p\n";
  const std::vector<std::vector<float>> scores = {{1, 2, 3, 4},
                                                  {-0.01F, 0, -0.02F, 0.01F},
                                                  {-70, -60, -50, -80},
                                                  {300, -2, 20, 300},
                                                  {0, 0, 0, 0}};
  for (const std::vector<float>& given : scores) {
    for (const float mask :
         {-32.0F, -1e4F, -1e9F, std::numeric_limits<float>::lowest(), -INFINITY}) {
      expect_nothing_masked(constant + softmax, {0, mask}, given);
      expect_nothing_masked(constant + moved, {3, mask}, given);
      expect_nothing_masked(constant + twice, {0, mask}, given);
    }
    expect_nothing_masked(activation + softmax, {0, -1e4F}, given);
    expect_nothing_masked(activation + softmax, {0, -1e30F}, given);
  }
}

TEST(Masked, AMaskIsFarBelowAllElse) {
  EXPECT_EQ(masked_up_to(std::vector<float>{0, -32, 0}), -32.0F);
  EXPECT_EQ(masked_up_to(std::vector<float>{0, -31, 0}), std::nullopt);
  EXPECT_EQ(masked_up_to(std::vector<float>{-20, 20, 0, -9}), std::nullopt);
  EXPECT_EQ(masked_up_to(std::vector<float>{-20, -1e4F - 3, 20, -1e4F}), -1e4F);
  EXPECT_EQ(masked_up_to(std::vector<float>{-INFINITY, 0, -INFINITY}), -INFINITY);
  EXPECT_EQ(masked_up_to(std::vector<float>{5, 5}), std::nullopt);
}

}  // namespace
}  // namespace systol
