#include <gtest/gtest.h>

#include <array>
#include <numeric>

#include "host/import/given_rows.h"
#include "tests/host/graph/small_graphs.h"
#include "tests/host/import/onnx_builder.h"

namespace systol {
namespace {

using testing::nodes_of;
using testing::OnnxBuilder;
using testing::set_attribute;

TEST(OnnxSlice, PartsOfASplitAreNumbered) {
  OnnxBuilder builder({5});
  auto& split = builder.node("Split", {"x"}, "a");
  split.add_output("b");
  set_attribute(split, "axis", std::int64_t{1});
  builder.integers("sizes", {2, 3});
  split.add_input("sizes");
  set_attribute(builder.node("Concat", {"b", "a"}, "y"), "axis", std::int64_t{1});
  EXPECT_EQ(nodes_of(builder, "y"), R"(node a.part0 = slice[0:2](input)
node a.part1 = slice[2:3](input)
node y = concat[axis=0](a.part1, a.part0)
output y
)");
  builder.model.mutable_graph()->mutable_initializer(0)->set_int64_data(0, 4);
  EXPECT_EQ(builder.error(),
            "node 'a' (Split): parts of [4, 3] do not make up 2 outputs of an axis of extent 5");
  split.clear_output();
  split.mutable_input()->RemoveLast();
  EXPECT_EQ(builder.error(), "node 'a' (Split): it has no output");
}

TEST(OnnxSlice, IndicesEvenlyApartAreOneSlice) {
  OnnxBuilder builder({6});
  builder.integers("i", {-1, 3, 1});
  set_attribute(builder.node("Gather", {"x", "i"}, "y"), "axis", std::int64_t{1});
  EXPECT_EQ(nodes_of(builder, "y"), "node y = slice[5:3:-2](input)\noutput y\n");
  builder.model.mutable_graph()->mutable_initializer(0)->set_int64_data(1, 0);
  EXPECT_EQ(nodes_of(builder, "y"), R"(node y.part0 = slice[5:1](input)
node y.part1 = slice[0:1](input)
node y.part2 = slice[1:1](input)
node y = concat[axis=0](y.part0, y.part1, y.part2)
output y
)");
  builder.model.mutable_graph()->mutable_initializer(0)->set_int64_data(1, 6);
  EXPECT_EQ(builder.error(), "node 'y' (Gather): an index is outside axis 1 of [1, 6]");
}

TEST(OnnxSlice, OneIndexTakesTheAxisAway) {
  OnnxBuilder builder({4, 2});
  builder.floats("w", {2, 1}, {1, 1});
  builder.integers("i", {0}).clear_dims();
  set_attribute(builder.node("Gather", {"x", "i"}, "g"), "axis", std::int64_t{1});
  builder.node("MatMul", {"g", "w"}, "y");
  EXPECT_EQ(nodes_of(builder, "y"), R"(node g = slice[0:1, 0:2](input)
node y.reshape = reshape[2](g)
node y = matmul(y.reshape, y.weights, y.bias)
output y
)");
}

TEST(OnnxSlice, RefusesPartOfTheBatchAndNothing) {
  OnnxBuilder builder({4});
  builder.integers("s", {5});
  builder.integers("e", {9});
  builder.integers("a", {1});
  auto& slice = builder.node("Slice", {"x", "s", "e", "a"}, "y");
  EXPECT_EQ(builder.error(), "node 'y' (Slice): nothing is left of axis 1");
  slice.set_op_type("Gather");
  slice.mutable_input()->DeleteSubrange(2, 2);
  EXPECT_EQ(builder.error(),
            "node 'y' (Gather): it chooses along axis 0, which is the batch; samples must be kept "
            "apart");
}

/// x [batch, 3] of whole numbers, rows of a table of four.
OnnxBuilder embedding() {
  OnnxBuilder builder({3});
  builder.model.mutable_graph()
      ->mutable_input(0)
      ->mutable_type()
      ->mutable_tensor_type()
      ->set_elem_type(onnx::TensorProto::INT64);
  builder.floats("table", {4, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  builder.node("Gather", {"table", "x"}, "rows");
  builder.node("Relu", {"rows"}, "y");
  return builder;
}

TEST(OnnxSlice, ALargeTableStaysInTheFileUntilARowIsAskedFor) {
  OnnxBuilder builder = embedding();
  std::vector<float> values(1200);
  std::iota(values.begin(), values.end(), 0.0F);
  onnx::TensorProto& table = *builder.model.mutable_graph()->mutable_initializer(0);
  table.set_dims(0, 600);
  table.clear_float_data();
  table.set_raw_data(values.data(), values.size() * sizeof(float));
  builder.output("y");
  const Graph graph = builder.import();
  ASSERT_EQ(graph.lookups.size(), 1U);
  EXPECT_EQ(rows_of(graph, graph.lookups[0]), 600U);
  EXPECT_TRUE(graph.lookups[0].table.empty());
  std::array<float, 2> row{};
  put_row(graph, graph.lookups[0], 599, row);
  EXPECT_EQ(row, (std::array<float, 2>{1198, 1199}));
  EXPECT_EQ(graph.lookups[0].values(), values);
}

TEST(OnnxSlice, RowsOfATableAreAnInputThatTheHostLooksUp) {
  OnnxBuilder builder = embedding();
  builder.output("y");
  const Graph graph = builder.import();
  EXPECT_EQ(to_text(graph),
            "graph \"" + graph.name + "\"\ninput x [3, 2]\nnode y = relu(x)\noutput y\n");
  ASSERT_EQ(graph.lookups.size(), 1U);
  EXPECT_EQ(graph.lookups[0].table, (std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(graph.notes.front(),
            "input 'x' holds indices, whose rows of 2 values the host looks up: they lie in memory "
            "as the input");
}

TEST(OnnxSlice, RowsThatAreLookedUpMayHaveAnotherShape) {  // a mean of words
  OnnxBuilder builder = embedding();
  set_attribute(builder.node("ReduceMean", {"y"}, "mean"), "axes", std::vector<std::int64_t>{1});
  builder.model.mutable_graph()->mutable_node(1)->set_op_type("Identity");
  EXPECT_EQ(nodes_of(builder, "mean"), R"(node mean.reshape = reshape[3, 1, 2](x)
node mean = average_pool[3x1](mean.reshape)
node mean.reshape_2 = reshape[1, 2](mean)
output mean.reshape_2
)");
}

TEST(OnnxSlice, WholeNumbersAreForOneGatherAlone) {
  OnnxBuilder twice = embedding();
  twice.node("Gather", {"table", "x"}, "again");
  twice.output("y");
  EXPECT_EQ(twice.error(),
            "node 'again' (Gather): another Gather reads the indices 'x', too; one alone is "
            "supported");
  OnnxBuilder added = embedding();
  added.node("Add", {"x", "x"}, "sum");
  added.output("y");
  EXPECT_EQ(added.error(),
            "input 'x': node 'sum' (Add) reads its whole numbers; supported are a Gather's indices "
            "in another shape, which nothing else reads");
}

/// As GPT-2 exports have it: ids.view(-1, ids.shape[-1]), and a shape that is asked for.
TEST(OnnxSlice, IndicesMayHaveAnotherShapeBeforeTheyChoose) {
  OnnxBuilder builder = embedding();
  auto& graph = *builder.model.mutable_graph();
  graph.clear_node();
  builder.integers("last", {-1});
  builder.integers("first", {-1});
  builder.integers("one", {1});
  builder.node("Shape", {"x"}, "shape");
  set_attribute(builder.node("Gather", {"shape", "last"}, "length"), "axis", std::int64_t{0});
  set_attribute(builder.node("Concat", {"first", "length"}, "target"), "axis", std::int64_t{0});
  builder.node("Reshape", {"x", "target"}, "flat");
  set_attribute(builder.node("Cast", {"flat"}, "wide"), "to",
                std::int64_t{onnx::TensorProto::INT32});
  builder.node("Unsqueeze", {"wide", "one"}, "three");
  builder.node("Gather", {"table", "three"}, "rows");
  builder.node("Relu", {"rows"}, "y");
  builder.output("y");
  const Graph imported = builder.import();
  EXPECT_EQ(to_text(imported),
            "graph \"" + imported.name + "\"\ninput x [1, 3, 2]\nnode y = relu(x)\noutput y\n");
  EXPECT_EQ(imported.lookups.size(), 1U);
}

}  // namespace
}  // namespace systol
