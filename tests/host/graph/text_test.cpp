#include "host/graph/text.h"

#include <gtest/gtest.h>

#include "tests/host/graph/small_graphs.h"

namespace systol::test {
namespace {

/// Every operation, a tensor that two nodes read, a state, and two outputs.
constexpr std::string_view kEverything = R"(graph "all of it"
input x [2, 4]
constant fc1.weights [8, 3]
constant fc1.bias [3]
constant fc2.weights [3, 3]
state h [3] next tanh1
node flat = reshape[8](x)
node fc1 = matmul(flat, fc1.weights, fc1.bias)
node relu1 = relu(fc1)
node leaky1 = leaky_relu[0.1](fc1)
node fc2 = matmul(h, fc2.weights)
node tanh1 = tanh(fc2)
node sigmoid1 = sigmoid(relu1)
node softmax1 = softmax(leaky1)
output sigmoid1
output softmax1
)";

std::string text_error(std::string_view text) {
  return input_error_of([&] { graph_from_text(text, "g.txt"); });
}

/// The error of a graph whose third line this is.
std::string error_at(const std::string& line) {
  return text_error("input x [4]\nconstant w [4, 2]\n" + line + "\noutput x\n");
}

TEST(GraphText, IsTheSameAfterARoundTrip) {
  EXPECT_EQ(to_text(graph_from_text(kEverything, "g.txt")), kEverything);
}

TEST(GraphText, ReadsStructure) {
  const Graph graph = graph_from_text(kEverything, "g.txt");
  EXPECT_EQ(graph.name, "all of it");
  EXPECT_EQ(graph.file, "g.txt");
  EXPECT_EQ(graph.inputs.size(), 1U);
  EXPECT_EQ(graph.constants.size(), 3U);
  ASSERT_EQ(graph.nodes.size(), 8U);
  EXPECT_EQ(graph.uses(graph.nodes[1].output), 2U);
  EXPECT_EQ(graph.nodes[3].operation, Operation(Map{Function::LeakyRelu, 0.1F}));
  ASSERT_EQ(graph.states.size(), 1U);
  EXPECT_EQ(graph.tensor(graph.states[0].value), (Tensor{"h", {3}}));
  EXPECT_EQ(graph.states[0].next, graph.nodes[5].output);
  EXPECT_EQ(graph.outputs, (std::vector<TensorId>{graph.nodes[6].output, graph.nodes[7].output}));
}

TEST(GraphText, AStateMayGrow) {
  const std::string text =
      "graph \"\"\ninput x [1, 4]\nstate h [3, 4] next x axis 0\nnode y = relu(x)\noutput y\n";
  const Graph graph = graph_from_text(text, "g.txt");
  EXPECT_EQ(graph.states[0].axis, 0U);
  EXPECT_EQ(to_text(graph), text);
}

TEST(GraphText, SkipsBlanksAndComments) {
  const Graph graph = graph_from_text(
      "# a graph\r\n\r\n  input\tx[4]# four\nnode f=relu( x )\n\noutput f", "g.txt");
  EXPECT_EQ(to_text(graph), "graph \"\"\ninput x [4]\nnode f = relu(x)\noutput f\n");
}

TEST(GraphText, HasShapesOfNoDimension) {
  const std::string text = "graph \"g\"\ninput x []\nnode r = reshape[1](x)\noutput r\n";
  EXPECT_EQ(to_text(graph_from_text(text, "g.txt")), text);
}

TEST(GraphText, WritesTheShortestSlopeThatReadsBack) {
  Graph graph = one_matmul({1, 1}, {}, {}, Map{Function::LeakyRelu, 1.0F / 3.0F});
  const Graph back = graph_from_text(to_text(graph), "g.txt");
  EXPECT_EQ(std::get<Map>(back.nodes[1].operation).a, 1.0F / 3.0F);
}

TEST(GraphText, ErrorsNameTheLine) {
  EXPECT_EQ(error_at("layer y = relu(x)"),
            "g.txt:3: expected graph, input, constant, state, node or output, found 'layer'");
  EXPECT_EQ(error_at("node"), "g.txt:3: expected a name, found the end of the line");
  EXPECT_EQ(error_at("node y relu(x)"), "g.txt:3: expected '=', found 'relu'");
  EXPECT_EQ(error_at("node y = rellu(x)"), "g.txt:3: there is no operation 'rellu'");
  EXPECT_EQ(error_at("node y = relu x"), "g.txt:3: expected '(', found 'x'");
  EXPECT_EQ(error_at("node y = relu(x"), "g.txt:3: expected ')', found ''");
  EXPECT_EQ(error_at("node y = relu(z)"), "g.txt:3: there is no tensor 'z'");
  EXPECT_EQ(error_at("node y = relu(x) z"), "g.txt:3: expected the end of the line, found 'z'");
  EXPECT_EQ(error_at("node y = leaky_relu(x)"),
            "g.txt:3: leaky_relu lacks a parameter in brackets");
  EXPECT_EQ(error_at("node y = leaky_relu[a](x)"), "g.txt:3: expected a number, found 'a'");
  EXPECT_EQ(error_at("node x = relu(x)"), "g.txt:3: there are two tensors 'x'");
  EXPECT_EQ(error_at("input y [4 3]"), "g.txt:3: expected ']', found '3'");
  EXPECT_EQ(error_at("input y [4, 3.5]"), "g.txt:3: expected a number, found '3.5'");
  EXPECT_EQ(error_at("input y 4"), "g.txt:3: expected '[', found '4'");
  EXPECT_EQ(error_at("state h [4] after x"), "g.txt:3: expected 'next', found 'after'");
  EXPECT_EQ(error_at("state h [4] next z"), "g.txt:3: there is no tensor 'z'");
  EXPECT_EQ(error_at("state h [4] next x along 0"), "g.txt:3: expected 'axis', found 'along'");
  EXPECT_EQ(error_at("state h [4] next x axis"), "g.txt:3: expected a number, found ''");
  EXPECT_EQ(error_at("output y"), "g.txt:3: there is no tensor 'y'");
}

TEST(GraphText, ErrorsOfShapesNameTheNode) {
  EXPECT_EQ(error_at("node y = matmul(x, x)"),
            "g.txt: node 'y' (matmul): its weights have shape [4]; at least two dimensions are "
            "needed");
}

TEST(GraphText, IsVerified) {
  EXPECT_EQ(text_error("input x [4]\n"), "g.txt: a graph needs an input and an output");
  EXPECT_EQ(text_error(""), "g.txt: a graph needs an input and an output");
  EXPECT_EQ(text_error("input x [0]\noutput x\n"),
            "g.txt: tensor 'x' has shape [0]; extents are at least 1");
  EXPECT_EQ(text_error("input x [1]\nnode y = reshape[-1, -1](x)\noutput y\n"),
            "g.txt: tensor 'y' has shape [-1, -1]; extents are at least 1");
}

}  // namespace
}  // namespace systol::test
