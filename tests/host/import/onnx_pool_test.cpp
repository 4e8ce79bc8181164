#include <gtest/gtest.h>

#include "tests/host/graph/small_graphs.h"
#include "tests/host/import/onnx_builder.h"

namespace systol {
namespace {

using testing::nodes_of;
using testing::OnnxBuilder;
using testing::set_attribute;
using Integers = std::vector<std::int64_t>;

TEST(OnnxPool, CeilModeWidensTheBorder) {
  OnnxBuilder builder({1, 4, 5});
  auto& pool = builder.node("MaxPool", {"x"}, "y");
  set_attribute(pool, "kernel_shape", Integers{3, 2});
  set_attribute(pool, "strides", Integers{2, 2});
  set_attribute(pool, "ceil_mode", std::int64_t{1});
  EXPECT_EQ(nodes_of(builder, "y"), R"(node y = max_pool[3x2, stride=2x2, after=1x1](input)
node y.reshape = reshape[1, 2, 3](y)
output y.reshape
)");
}

TEST(OnnxPool, AWindowMustBeginWithinTheImage) {
  OnnxBuilder builder({1, 1, 4});
  auto& pool = builder.node("MaxPool", {"x"}, "y");
  set_attribute(pool, "kernel_shape", Integers{1, 1});
  set_attribute(pool, "strides", Integers{1, 4});
  set_attribute(pool, "pads", Integers{0, 0, 0, 0});
  set_attribute(pool, "ceil_mode", std::int64_t{1});
  EXPECT_EQ(nodes_of(builder, "y").substr(0, 41), "node y = max_pool[1x1, stride=1x4](input)");
}

TEST(OnnxPool, RefusesBordersThatCountAndThoseThatDoNot) {
  OnnxBuilder builder({1, 4, 4});
  auto& pool = builder.node("AveragePool", {"x"}, "y");
  set_attribute(pool, "kernel_shape", Integers{3, 3});
  set_attribute(pool, "strides", Integers{2, 2});
  set_attribute(pool, "ceil_mode", std::int64_t{1});
  set_attribute(pool, "count_include_pad", std::int64_t{1});
  EXPECT_EQ(builder.error(),
            "node 'y' (AveragePool): ceil_mode=1 with count_include_pad=1 is not supported where a "
            "window reaches beyond the borders");
}

TEST(OnnxPool, RefusesThePlacesOfTheLargest) {
  OnnxBuilder builder({1, 4, 4});
  auto& pool = builder.node("MaxPool", {"x"}, "y");
  set_attribute(pool, "kernel_shape", Integers{2, 2});
  pool.add_output("places");
  EXPECT_NO_THROW(nodes_of(builder, "y"));
  builder.output("places");
  EXPECT_EQ(builder.error(),
            "node 'y' (MaxPool): its second output, the places of the largest values, is not "
            "supported");
}

}  // namespace
}  // namespace systol
