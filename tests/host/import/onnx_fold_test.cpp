#include <gtest/gtest.h>

#include <cmath>

#include "tests/host/graph/small_graphs.h"
#include "tests/host/import/onnx_builder.h"

namespace systol {
namespace {

using test::values_of;
using testing::OnnxBuilder;
using testing::set_attribute;

/// y = x times what the nodes compute, as the constant of the multiplication.
std::vector<float> folded_constant(OnnxBuilder builder, const std::string& constant) {
  builder.node("Cast", {constant}, "float");
  builder.node("Mul", {"x", "float"}, "y");
  builder.output("y");
  return values_of(builder.import(), "y.constant");
}

TEST(OnnxFold, WholeNumbersAreComputedAsSuch) {
  OnnxBuilder builder({3});
  builder.integers("a", {7, -7, 9});
  builder.integers("b", {2});
  builder.node("Div", {"a", "b"}, "c");
  EXPECT_EQ(folded_constant(builder, "c"), (std::vector<float>{3, -3, 4}));
  builder.model.mutable_graph()->mutable_initializer(1)->set_int64_data(0, 0);
  EXPECT_EQ(builder.error(), "node 'c' (Div): it divides by 0");
}

TEST(OnnxFold, TablesAreMovedAndJoined) {
  OnnxBuilder builder({4});
  builder.floats("t", {2, 2}, {1, 2, 3, 4});
  builder.integers("i", {1, 0});
  builder.node("Transpose", {"t"}, "u");
  set_attribute(builder.node("Gather", {"u", "i"}, "g"), "axis", std::int64_t{0});
  builder.node("Flatten", {"g"}, "f");
  set_attribute(builder.node("Concat", {"g", "t"}, "j"), "axis", std::int64_t{1});
  builder.integers("start", {0});
  builder.integers("end", {1});
  builder.integers("axis", {0});
  builder.node("Slice", {"j", "start", "end", "axis"}, "s");
  EXPECT_EQ(folded_constant(builder, "s"), (std::vector<float>{2, 4, 1, 2}));
}

TEST(OnnxFold, AnExportersExpandIsFolded) {
  OnnxBuilder builder({2});
  builder.integers("shape", {1, -1});
  builder.integers("rank", {2});
  builder.integers("minus", {-1});
  builder.node("ConstantOfShape", {"rank"}, "ones")
      .add_attribute()
      ->mutable_t()
      ->set_data_type(onnx::TensorProto::INT64);
  auto& value = *builder.model.mutable_graph()->mutable_node(0)->mutable_attribute(0);
  value.set_name("value");
  value.mutable_t()->add_dims(1);
  value.mutable_t()->add_int64_data(2);
  builder.node("Equal", {"shape", "minus"}, "is");
  builder.node("Where", {"is", "ones", "shape"}, "target");
  builder.floats("c", {1}, {5});
  builder.floats("d", {2}, {0, 1});
  builder.node("Expand", {"c", "target"}, "e");
  builder.node("Add", {"e", "d"}, "f");
  EXPECT_EQ(folded_constant(builder, "f"), (std::vector<float>{5, 6}));
}

TEST(OnnxFold, ARangeIsCounted) {
  OnnxBuilder builder({3});
  builder.integers("a", {1}).clear_dims();
  builder.integers("b", {8}).clear_dims();
  builder.integers("c", {3}).clear_dims();
  builder.node("Range", {"a", "b", "c"}, "r");
  EXPECT_EQ(folded_constant(builder, "r"), (std::vector<float>{1, 4, 7}));
}

TEST(OnnxFold, BucketsOfPositionsAreComputed) {  // as T5 has them
  OnnxBuilder builder({4});
  builder.integers("d", {-3, -1, 2, 9});
  builder.integers("most", {3}).clear_dims();
  builder.node("Abs", {"d"}, "a");
  builder.node("Clip", {"a", "", "most"}, "c");
  EXPECT_EQ(folded_constant(builder, "c"), (std::vector<float>{3, 1, 2, 3}));
  builder.integers("five", {5});
  builder.node("Mod", {"d", "five"}, "m");
  EXPECT_EQ(folded_constant(builder, "m"), (std::vector<float>{2, 4, 2, 4}));
}

TEST(OnnxFold, RotaryAnglesAreComputed) {  // positions times frequencies, as Llama has them
  OnnxBuilder builder({4});
  builder.floats("p", {2}, {0, 1});
  builder.floats("f", {2}, {0, 0.5F});
  auto& outer = builder.node("Einsum", {"p", "f"}, "e");
  set_attribute(outer, "equation", std::string("i, j -> ji"));
  builder.node("Sin", {"e"}, "s");
  builder.integers("flat", {4});
  builder.node("Reshape", {"s", "flat"}, "r");
  EXPECT_EQ(folded_constant(builder, "r"), (std::vector<float>{0, 0, 0, std::sin(0.5F)}));
  outer.mutable_attribute(0)->set_s("i,j->ik");
  EXPECT_EQ(builder.error(), "node 'e' (Einsum): no input has the axis 'k' of its output");
  outer.mutable_attribute(0)->set_s("ij,j->i");
  EXPECT_EQ(builder.error(), "node 'e' (Einsum): its input 1 has shape [2], not the axes 'ij'");
}

TEST(OnnxFold, AMatrixOfConstantsRepeatsOverLeadingAxes) {
  OnnxBuilder builder({4});
  builder.floats("a", {2, 1, 2}, {1, 2, 3, 4});
  builder.floats("b", {2, 2}, {1, 10, 100, 1000});
  builder.node("MatMul", {"a", "b"}, "m");
  builder.integers("flat", {4});
  builder.node("Reshape", {"m", "flat"}, "r");
  EXPECT_EQ(folded_constant(builder, "r"), (std::vector<float>{201, 2010, 403, 4030}));
}

TEST(OnnxFold, ATileRepeatsTheWhole) {
  OnnxBuilder builder({4});
  builder.floats("a", {2}, {1, 2});
  builder.integers("times", {2});
  builder.node("Tile", {"a", "times"}, "t");
  EXPECT_EQ(folded_constant(builder, "t"), (std::vector<float>{1, 2, 1, 2}));
}

TEST(OnnxFold, BoundsWhatANodeMakes) {
  OnnxBuilder builder({3});
  builder.integers("s", {std::int64_t{1} << 14, std::int64_t{1} << 14});
  builder.node("ConstantOfShape", {"s"}, "c");
  EXPECT_EQ(builder.error(),
            "node 'c' (ConstantOfShape): its constant result has shape [16384, 16384]; at most "
            "67108864 values are supported");
  OnnxBuilder range({3});
  range.floats("a", {}, {0});
  range.floats("b", {}, {1e30F});
  range.floats("c", {}, {1e-3F});
  range.node("Range", {"a", "b", "c"}, "r");
  EXPECT_EQ(range.error().substr(0, 26), "node 'r' (Range): it makes");
}

}  // namespace
}  // namespace systol
