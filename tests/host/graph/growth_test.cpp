#include "host/graph/growth.h"

#include <gtest/gtest.h>

#include "host/graph/text.h"
#include "tests/host/graph/small_graphs.h"

namespace systol::test {
namespace {

/// Two tokens a sample ask three, five, seven, ... earlier ones, and themselves.
constexpr const char* kAttention = R"(graph "attention"
input x [2, 4]
state keys [3, 4] next x axis 0
state values [3, 6] next v axis 0
constant w [4, 6]
node v = matmul(x, w)
node old = matmul[transposed](x, keys)
node new = matmul[transposed](x, x)
node scores = concat[axis=1](old, new)
node softmax = softmax(scores)
node old.part = slice[0:2, 0:3](softmax)
node new.part = slice[0:2, 3:2](softmax)
node old.sum = matmul(old.part, values)
node new.sum = matmul(new.part, v)
node context = add(old.sum, new.sum)
output context
)";

const Shape& shape_of(const Graph& graph, const std::string& tensor) {
  return std::ranges::find(graph.tensors, tensor, &Tensor::name)->shape;
}

TEST(Growth, GoesThroughTheNodesThatReadAState) {
  const Graph graph = graph_from_text(kAttention, "g.txt");
  const Graph fourth = at_sample(graph, 3);
  EXPECT_EQ(shape_of(fourth, "keys"), (Shape{9, 4}));
  EXPECT_EQ(shape_of(fourth, "old"), (Shape{2, 9}));
  EXPECT_EQ(shape_of(fourth, "new"), (Shape{2, 2}));
  EXPECT_EQ(shape_of(fourth, "scores"), (Shape{2, 11}));
  EXPECT_EQ(shape_of(fourth, "old.part"), (Shape{2, 9}));
  EXPECT_EQ(shape_of(fourth, "new.part"), (Shape{2, 2}));
  EXPECT_EQ(shape_of(fourth, "context"), (Shape{2, 6}));
  const auto slice = [&](std::size_t node) {
    return std::get<Slice>(fourth.nodes[node].operation);
  };
  EXPECT_EQ(slice(5).sizes, (Shape{2, 9}));
  EXPECT_EQ(slice(6).starts, (Shape{0, 9}));
  EXPECT_EQ(slice(6).sizes, (Shape{2, 2}));
}

TEST(Growth, TheFirstSampleSeesTheGraphItself) {
  const Graph graph = graph_from_text(kAttention, "g.txt");
  EXPECT_EQ(to_text(at_sample(graph, 0)), to_text(graph));
}

TEST(Growth, IsInsertedWhereTheStateEnds) {
  const Graph graph = graph_from_text(kAttention, "g.txt");
  const auto growth = growth_of(graph);
  EXPECT_EQ(growth[index_of(graph.states[0].value)], (Growth{0, 3, 2}));
  EXPECT_EQ(growth[index_of(graph.nodes[3].output)], (Growth{1, 3, 2}));
  EXPECT_EQ(growth[index_of(graph.nodes[6].output)], std::nullopt);
}

TEST(Growth, ASliceMovesWhereItIsInserted) {
  const Graph graph = graph_from_text(
      "input x [2, 4]\nstate s [3, 4] next x axis 0\nnode q = slice[1:2, 0:4](s)\n"
      "node y = relu(x)\noutput y\n",
      "g.txt");
  EXPECT_EQ(growth_of(graph)[index_of(graph.nodes[0].output)], (Growth{0, 2, 2}));
  const Graph fourth = at_sample(graph, 3);
  EXPECT_EQ(shape_of(fourth, "q"), (Shape{8, 4}));
  EXPECT_EQ(std::get<Slice>(fourth.nodes[0].operation).starts, (Shape{1, 0}));
}

std::string error_of(const std::string& nodes) {
  return input_error_of([&] {
    graph_from_text("input x [2, 4]\nstate s [3, 4] next x axis 0\n" + nodes + "output y\n",
                    "g.txt");
  });
}

TEST(Growth, IsRefusedByOperationsThatDoNotTakeIt) {
  const std::string rest =
      ": its input 's' grows along axis 0 from sample to sample, which it does not take so";
  EXPECT_EQ(error_of("node r = reshape[12](s)\nnode y = relu(x)\n"),
            "g.txt: node 'r' (reshape)" + rest);
  EXPECT_EQ(error_of("node r = slice[2:3:-1, 0:4](s)\nnode y = relu(x)\n"),
            "g.txt: node 'r' (slice)" + rest);
  EXPECT_EQ(error_of("constant c [3, 4]\nnode r = add(s, c)\nnode y = relu(x)\n"),
            "g.txt: node 'r' (add)" + rest);
  EXPECT_EQ(error_of("node q = slice[0:2, 0:3](x)\nnode r = matmul(q, s)\nnode y = relu(x)\n"),
            "g.txt: node 'r' (matmul)" + rest);
}

TEST(Growth, OutputsAndNextValuesDoNotGrow) {
  EXPECT_EQ(error_of("node y = relu(s)\n"),
            "g.txt: output 'y' grows from sample to sample; outputs have one shape");
  EXPECT_EQ(error_of("state t [3, 4] next r\nnode r = relu(s)\nnode y = relu(x)\n"),
            "g.txt: state 't': its next value 'r' grows from sample to sample itself");
}

}  // namespace
}  // namespace systol::test
