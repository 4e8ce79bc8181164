#include <gtest/gtest.h>

#include "host/reference/float_network.h"
#include "tests/host/graph/small_graphs.h"
#include "tests/host/import/onnx_builder.h"

namespace systol {
namespace {

using testing::nodes_of;
using testing::OnnxBuilder;
using testing::set_attribute;
using Integers = std::vector<std::int64_t>;

TEST(OnnxMove, AnImageWithItsChannelsLastIsNotMoved) {
  OnnxBuilder builder({4, 4, 2});
  set_attribute(builder.node("Transpose", {"x"}, "t"), "perm", Integers{0, 3, 1, 2});
  builder.floats("w", {1, 2, 1, 1}, {1, 2});
  builder.node("Conv", {"t", "w"}, "c");
  set_attribute(builder.node("Transpose", {"c"}, "y"), "perm", Integers{0, 2, 3, 1});
  EXPECT_EQ(nodes_of(builder, "y"), "node c = convolution(input, c.weights, c.bias)\noutput c\n");
}

TEST(OnnxMove, ChannelsAreJoinedAlongTheLastAxis) {
  OnnxBuilder builder({2, 4, 4});
  builder.floats("w", {3, 2, 1, 1}, std::vector<float>(6));
  builder.floats("c", {1, 1, 4, 4}, std::vector<float>(16));
  builder.node("Conv", {"x", "w"}, "a");
  set_attribute(builder.node("Concat", {"a", "x", "c"}, "j"), "axis", std::int64_t{1});
  builder.node("GlobalMaxPool", {"j"}, "y");
  EXPECT_EQ(nodes_of(builder, "y").substr(0, 89),
            "node a = convolution(input, a.weights, a.bias)\nnode j = concat[axis=2](a, input, "
            "j.part2)");
}

TEST(OnnxMove, RefusesToJoinSamples) {
  OnnxBuilder builder({2});
  set_attribute(builder.node("Concat", {"x", "x"}, "y"), "axis", std::int64_t{0});
  EXPECT_EQ(builder.error(),
            "node 'y' (Concat): it joins along axis 0, which is the batch; samples must be kept "
            "apart");
}

TEST(OnnxMove, BordersFollowTheOrderOfAnImage) {
  OnnxBuilder builder({2, 3, 4});
  builder.integers("p", {0, 1, 2, 3, 0, 0, -1, 4});
  builder.floats("v", {}, {0.5F});
  builder.node("Pad", {"x", "p", "v"}, "d");
  builder.node("GlobalMaxPool", {"d"}, "y");
  EXPECT_EQ(nodes_of(builder, "y").substr(0, 111),
            "node d.cut = slice[0:2, 0:4, 0:2](input)\nnode d = pad[before=2x3x1, after=0x4x0, "
            "value=0.5](d.cut)\nnode y = max");
  builder.model.mutable_graph()->mutable_initializer(0)->set_int64_data(0, 1);
  EXPECT_EQ(builder.error(),
            "node 'd' (Pad): it adds to axis 0, which is the batch; samples must be kept apart");
}

TEST(OnnxMove, NearestValuesAreRepeated) {
  OnnxBuilder builder({2, 3, 4});
  builder.floats("s", {4}, {1, 1, 2, 3});
  auto& resize = builder.node("Resize", {"x", "", "s"}, "r");
  builder.node("GlobalMaxPool", {"r"}, "y");
  EXPECT_EQ(nodes_of(builder, "y").substr(0, 34), "node r = repeat[2, 3, 1](input)\nno");
  set_attribute(resize, "mode", std::string("linear"));
  EXPECT_EQ(builder.error(),
            "node 'r' (Resize): mode must be nearest; other modes are not supported");
  resize.clear_attribute();
  builder.model.mutable_graph()->mutable_initializer(0)->set_float_data(2, 1.5F);
  EXPECT_EQ(builder.error(),
            "node 'r' (Resize): scale 1.5 of axis 2 is not a whole number of at least 1");
}

TEST(OnnxMove, BlocksOfPixelsBecomeChannelsAndBack) {
  OnnxBuilder builder({8, 3, 5});
  auto& node = builder.node("DepthToSpace", {"x"}, "d");
  set_attribute(node, "blocksize", std::int64_t{2});
  builder.node("GlobalMaxPool", {"d"}, "y");
  EXPECT_EQ(nodes_of(builder, "y").substr(0, 132),
            "node d.reshape = reshape[3, 5, 2, 2, 2](input)\n"
            "node d = transpose[0, 2, 1, 3, 4](d.reshape)\n"
            "node d.reshape_2 = reshape[6, 10, 2](d)\n");
  node.mutable_attribute(0)->set_i(3);
  EXPECT_EQ(builder.error(),
            "node 'd' (DepthToSpace): its 8 channels cannot be cut into 3 equal parts");
}

TEST(OnnxMove, ExpandRepeatsExtentsOfOne) {
  OnnxBuilder builder({1, 3});
  builder.integers("s", {2, 1, 4, 3});
  builder.node("Expand", {"x", "s"}, "y");
  EXPECT_EQ(nodes_of(builder, "y"), R"(node y.reshape = reshape[1, 1, 3](input)
node y = repeat[2, 4, 1](y.reshape)
output y
)");
  builder.model.mutable_graph()->mutable_initializer(0)->set_int64_data(0, std::int64_t{1} << 40);
  EXPECT_EQ(builder.error(),
            "node 'y' (Expand): its shape is [1099511627776, 1, 4, 3]; at most 536870912 elements "
            "are supported");
}

TEST(OnnxMove, BordersMayBeValuesOfTheInput) {
  OnnxBuilder builder({4});
  builder.integers("ends", {0, 2, 0, 1});
  builder.node("Pad", {"x", "ends"}, "a");
  auto& pad = *builder.model.mutable_graph()->mutable_node(0);
  set_attribute(pad, "mode", std::string("reflect"));
  builder.node("Relu", {"a"}, "y");
  builder.output("y");
  const auto padded = [&](const std::string& mode) {
    pad.mutable_attribute(0)->set_s(mode);
    return run_float(builder.import(), std::vector<float>{1, 2, 3, 4}, 1).outputs.front();
  };
  EXPECT_EQ(padded("reflect"), (std::vector<float>{3, 2, 1, 2, 3, 4, 3}));
  EXPECT_EQ(padded("edge"), (std::vector<float>{1, 1, 1, 2, 3, 4, 4}));
  EXPECT_EQ(padded("wrap"), (std::vector<float>{3, 4, 1, 2, 3, 4, 1}));
  pad.mutable_attribute(0)->set_s("reflect");
  builder.model.mutable_graph()->mutable_initializer(0)->set_int64_data(1, 4);
  EXPECT_EQ(builder.error(),
            "node 'a' (Pad): its border of 4 at axis 1 of extent 4 must be from 0 to 3");
}

TEST(OnnxMove, BordersAreTwoForEachAxisThatIsNamed) {
  OnnxBuilder builder({4});
  builder.integers("ends", {2, 1});
  builder.integers("axes", {1});
  builder.node("Pad", {"x", "ends", "", "axes"}, "a");
  builder.node("Relu", {"a"}, "y");
  builder.output("y");
  EXPECT_EQ(run_float(builder.import(), std::vector<float>{1, 2, 3, 4}, 1).outputs.front(),
            (std::vector<float>{0, 0, 1, 2, 3, 4, 0}));
  builder.model.mutable_graph()->mutable_initializer(0)->add_int64_data(1);
  builder.model.mutable_graph()->mutable_initializer(0)->set_dims(0, 3);
  EXPECT_EQ(builder.error(), "node 'a' (Pad): it names 3 borders for 1 axes");
}

}  // namespace
}  // namespace systol
