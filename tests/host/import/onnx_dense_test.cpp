#include <gtest/gtest.h>

#include "host/reference/float_network.h"
#include "tests/host/graph/small_graphs.h"
#include "tests/host/import/onnx_builder.h"

namespace systol {
namespace {

using test::values_of;
using testing::nodes_of;
using testing::OnnxBuilder;
using testing::set_attribute;
using Integers = std::vector<std::int64_t>;

TEST(OnnxDense, ABiasOfOneValueOrOneRowIsRepeated) {
  OnnxBuilder builder({2});
  builder.floats("w", {2, 3}, {1, 2, 3, 4, 5, 6});
  builder.floats("b", {1, 3}, {7, 8, 9});
  auto& gemm = builder.node("Gemm", {"x", "w", "b"}, "y");
  builder.output("y");
  EXPECT_EQ(values_of(builder.import(), "y.bias"), (std::vector<float>{7, 8, 9}));
  builder.floats("c", {3, 1}, {7, 8, 9});
  gemm.set_input(2, "c");
  EXPECT_EQ(builder.error(),
            "node 'y' (Gemm): its bias has shape [3, 1]; supported are [3], [1, 3] and one value");
}

TEST(OnnxDense, TheDomainOfDistancesMakesAnL1Similarity) {
  OnnxBuilder builder({2});
  builder.floats("w", {2, 3}, {1, 2, 3, 4, 5, 6});
  auto& gemm = builder.node("Gemm", {"x", "w"}, "y");
  gemm.set_domain("systol.l1");
  builder.output("y");
  const Graph alone = builder.import();
  EXPECT_EQ(alone.nodes[0].operation, Operation(MatMul{false, Similarity::L1}));
  builder.floats("g", {3}, {2, 3, 4});
  builder.floats("s", {3}, {1, 0, 1});
  builder.node("Mul", {"y", "g"}, "times");
  builder.node("Add", {"times", "s"}, "plus");
  builder.model.mutable_graph()->mutable_output(0)->set_name("plus");
  const Graph folded = builder.import();  // as a batch normalisation is
  EXPECT_EQ(folded.nodes.size(), 1U);
  EXPECT_EQ(values_of(folded, "y.weights"), (std::vector<float>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(values_of(folded, "y.scale"), (std::vector<float>{2, 3, 4}));
  EXPECT_EQ(values_of(folded, "y.bias"), (std::vector<float>{1, 0, 1}));
  builder.floats("h", {3}, {2, -3, 4});
  builder.model.mutable_graph()->mutable_node(1)->set_input(1, "h");
  EXPECT_GT(builder.import().nodes.size(), 1U);  // a negative factor is none of a scale
  auto& changed = *builder.model.mutable_graph()->mutable_node(0);
  set_attribute(changed, "alpha", 2.0F);
  EXPECT_EQ(builder.error(), "node 'y' (systol.l1::Gemm): alpha=2 is not supported; allowed: 1");
  changed.set_op_type("Relu");
  EXPECT_EQ(builder.error().substr(0, 70),
            "it has operators that are not supported: systol.l1::Relu (node 'y'); s");
}

TEST(OnnxDense, RowsOfASequenceAreMultipliedOneByOne) {
  OnnxBuilder builder({4, 2});
  builder.floats("w", {2, 3}, std::vector<float>(6));
  builder.node("MatMul", {"x", "w"}, "y");
  builder.output("y");
  EXPECT_EQ(builder.import().shape(builder.import().outputs[0]), (Shape{4, 3}));
}

/// Queries and keys of two heads, [2][4][3] each.
OnnxBuilder attention_model() {
  OnnxBuilder builder({4, 6});
  builder.floats("w", {6, 6}, std::vector<float>(36));
  builder.integers("heads", {0, 4, 2, 3});
  builder.node("MatMul", {"x", "w"}, "q");
  builder.node("Reshape", {"q", "heads"}, "qh");
  set_attribute(builder.node("Transpose", {"qh"}, "qt"), "perm", Integers{0, 2, 1, 3});
  builder.node("Reshape", {"x", "heads"}, "kh");
  set_attribute(builder.node("Transpose", {"kh"}, "kt"), "perm", Integers{0, 2, 3, 1});
  builder.node("MatMul", {"qt", "kt"}, "s");
  return builder;
}

TEST(OnnxDense, ActivationsAreMultipliedWithTheSecondTransposed) {
  EXPECT_EQ(nodes_of(attention_model(), "s"), R"(node q = matmul(input, q.weights, q.bias)
node s.reshape = reshape[4, 2, 3](q)
node s.transpose = transpose[1, 0, 2](s.reshape)
node s.reshape_2 = reshape[4, 2, 3](input)
node s.transpose_2 = transpose[1, 0, 2](s.reshape_2)
node s = matmul[transposed](s.transpose, s.transpose_2)
output s
)");
}

TEST(OnnxDense, AConstantOnTheLeftIsWeightsOfTheTranspose) {
  OnnxBuilder builder({2, 4});
  builder.floats("w", {3, 2}, {1, 2, 3, 4, 5, 6});
  builder.node("MatMul", {"w", "x"}, "y");
  EXPECT_EQ(nodes_of(builder, "y"), R"(node y.transpose = transpose[1, 0](input)
node y = matmul(y.transpose, y.weights, y.bias)
node y.transpose_2 = transpose[1, 0](y)
output y.transpose_2
)");
  builder.output("y");
  EXPECT_EQ(values_of(builder.import(), "y.weights"), (std::vector<float>{1, 3, 5, 2, 4, 6}));
}

TEST(OnnxDense, RefusesProductsOverTheBatch) {
  OnnxBuilder builder({2});
  builder.node("MatMul", {"x", "x"}, "y");
  EXPECT_EQ(builder.error(),
            "node 'y' (MatMul): a product of two activations takes matrices of one sample, but the "
            "batch is axis 0 of an input of 2 axes");
  OnnxBuilder turned({2});
  turned.floats("w", {1, 1}, {1});
  turned.node("Transpose", {"x"}, "t");
  turned.node("MatMul", {"t", "w"}, "y");
  EXPECT_EQ(turned.error(),
            "node 'y' (MatMul): it sums over axis 1, which is the batch; samples must be kept "
            "apart");
  OnnxBuilder first({2});
  first.floats("w", {2, 2}, std::vector<float>(4));
  set_attribute(first.node("Gemm", {"x", "w"}, "y"), "transA", std::int64_t{1});
  EXPECT_EQ(first.error(), "node 'y' (Gemm): transA=1 is not supported");
}

TEST(OnnxDense, LearnedQueriesOfEachHeadAreMultipliedOneByOne) {
  OnnxBuilder builder({2, 2, 3});  // heads, K, N
  builder.floats("q", {2, 1, 2}, {1, 2, 3, 4});
  builder.node("MatMul", {"q", "x"}, "y");
  builder.output("y");
  const std::vector<float> x{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  EXPECT_EQ(run_float(builder.import(), x, 1).outputs.front(),
            (std::vector<float>{9, 12, 15, 61, 68, 75}));
}

}  // namespace
}  // namespace systol
