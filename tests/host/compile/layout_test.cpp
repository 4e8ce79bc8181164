#include "host/compile/layout.h"

#include <gtest/gtest.h>

#include "host/compile/sign_borders.h"
#include "host/compile/sign_packing.h"
#include "host/graph/text.h"

namespace systol {
namespace {

Layout layout_of(std::string_view text, std::string_view tensor) {
  const Graph graph = graph_from_text(text, "test");
  const std::vector<Layout> layouts = layouts_of(graph, steps_of(graph));
  for (std::size_t i = 0; i < graph.tensors.size(); ++i) {
    if (graph.tensors[i].name == tensor) {
      return layouts[i];
    }
  }
  return {};
}

TEST(Layouts, AnImageHasTheBordersThatItsReadersNeed) {
  const Layout layout = layout_of(R"(
graph "g"
input x [5, 6, 3]
constant w [3, 3, 3, 2]
constant v [1, 2, 3, 2]
node a = convolution[before=1x1, after=1x1](x, w)
node b = convolution[before=0x2](x, v)
output a
output b
)",
                                  "x");
  EXPECT_EQ(layout.before, (std::array<std::uint64_t, 2>{1, 2}));
  EXPECT_EQ(layout.after, (std::array<std::uint64_t, 2>{1, 1}));
  EXPECT_EQ(layout.row_bytes(), 27U);
  EXPECT_EQ(layout.bytes(), 7U * 27);
  EXPECT_EQ(layout.first(), 27U + 6);
}

TEST(Layouts, WhatIsSeenInTwoShapesHasNoBorders) {
  const Layout layout = layout_of(R"(
graph "g"
input x [12]
constant w [3, 3, 1, 2]
node image = reshape[3, 4, 1](x)
node r = relu(x)
node a = convolution[before=1x1, after=1x1](image, w)
output a
output r
)",
                                  "x");
  EXPECT_FALSE(layout.bordered());
}

TEST(Layouts, WhatIsNoImageIsOneRow) {
  const Layout layout = dense_layout({2, 3, 4, 5});
  EXPECT_EQ(layout.bytes(), 120U);
  EXPECT_EQ(layout.strides({2, 3, 4, 5}), (std::vector<std::uint64_t>{60, 20, 5, 1}));
}

TEST(Layouts, PlacesOfAConvolutionDifferByWhatIsBesideTheImage) {
  using Spans = std::vector<BorderSpan>;
  Window window;
  window.before = {1, 4};
  window.after = {1, 0};
  window.dilation = {1, 3};
  EXPECT_EQ(border_spans(window, 0, 4, 3), (Spans{{0, 1, 1, 3}, {1, 2, 0, 3}, {3, 1, 0, 2}}));
  EXPECT_EQ(border_spans(window, 1, 4, 2), (Spans{{0, 1, 2, 2}, {1, 3, 1, 2}, {4, 1, 0, 2}}));
  window = {};
  window.after = {2, 0};
  EXPECT_EQ(border_spans(window, 0, 2, 1), (Spans{{0, 2, 0, 1}, {2, 2, 0, 0}}));
  EXPECT_EQ(border_spans(window, 1, 7, 3).size(), 1U) << "no borders";
}

TEST(Layouts, SignsOfATileBeginWithAByte) {
  const SignPacking whole{16};
  EXPECT_EQ(whole.bytes(9), 2U);
  EXPECT_EQ(whole.run(144, 9), 9U);
  EXPECT_EQ(whole.run(16, 24), 16U);
  EXPECT_EQ(whole.run(16, 9), 0U);
  const SignPacking ragged{5};
  EXPECT_EQ(ragged.bytes(12), 3U);
  EXPECT_EQ(ragged.byte_of(10), 2U);
  EXPECT_EQ(ragged.first_of(2), 10U);
  EXPECT_EQ(ragged.left_in_byte(3, 12), 2U);
  EXPECT_EQ(ragged.left_in_byte(10, 12), 2U);
  EXPECT_EQ(SignPacking{12}.first_of(3), 20U);
  EXPECT_EQ(SignPacking{12}.left_in_byte(8, 24), 4U);
}

}  // namespace
}  // namespace systol
