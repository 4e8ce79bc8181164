#include "host/graph/verify.h"

#include <gtest/gtest.h>

#include "host/graph/text.h"
#include "tests/host/graph/small_graphs.h"

namespace systol::test {
namespace {

constexpr auto kNone = static_cast<TensorId>(99);

/// x [2] -> d [2] -> f [2], which is what h is for the next sample.
Graph valid() {
  Graph graph = one_matmul({2, 2}, {1, 2, 3, 4}, {5, 6}, Map{Function::Tanh});
  graph.tensors.push_back({"h", {2}});
  graph.states = {{static_cast<TensorId>(graph.tensors.size() - 1), graph.outputs[0]}};
  return graph;
}

/// The error after `change` was made to the valid graph.
template <class Change>
std::string error_after(Change change) {
  Graph graph = valid();
  change(graph);
  return input_error_of([&] { verify(graph); });
}

TEST(Verify, TakesAValidGraph) {
  EXPECT_EQ(error_after([](Graph&) {}), "no error");
}

TEST(Verify, TakesTensorsThatSeveralNodesReadAndNone) {
  verify(graph_from_text(R"(input x [4]
input spare [3]
constant w [4, 2]
node a = matmul(x, w)
node b = matmul(x, w)
node c = relu(a)
node d = sigmoid(a)
node unread = tanh(b)
output c
output a
output d
output a
output x
)",
                         "g.txt"));
}

TEST(Verify, TakesAStateThatIsReadBeforeItsNextValueIsComputed) {
  verify(graph_from_text(R"(input x [4]
constant w [2, 2]
state h [2] next n
node m = matmul(h, w)
node n = tanh(m)
output n
)",
                         "g.txt"));
}

TEST(Verify, RefusesAGraphWithoutEnds) {
  const std::string problem = "net: a graph needs an input and an output";
  EXPECT_EQ(error_after([](Graph& graph) { graph.inputs.clear(); }), problem);
  EXPECT_EQ(error_after([](Graph& graph) { graph.outputs.clear(); }), problem);
}

TEST(Verify, RefusesTensorsThatDoNotExist) {
  EXPECT_EQ(error_after([](Graph& graph) { graph.inputs.push_back(kNone); }),
            "net: an input names tensor 99; there are 6");
  EXPECT_EQ(error_after([](Graph& graph) { graph.constants[0].tensor = kNone; }),
            "net: a constant names tensor 99; there are 6");
  EXPECT_EQ(error_after([](Graph& graph) { graph.nodes[1].inputs[0] = kNone; }),
            "net: node 'f' names tensor 99; there are 6");
  EXPECT_EQ(error_after([](Graph& graph) { graph.nodes[1].output = kNone; }),
            "net: node 'f' names tensor 99; there are 6");
  EXPECT_EQ(error_after([](Graph& graph) { graph.outputs[0] = kNone; }),
            "net: the graph names tensor 99; there are 6");
  EXPECT_EQ(error_after([](Graph& graph) { graph.states[0].value = kNone; }),
            "net: a state names tensor 99; there are 6");
  EXPECT_EQ(error_after([](Graph& graph) { graph.states[0].next = kNone; }),
            "net: state 'h' names tensor 99; there are 6");
}

TEST(Verify, RefusesTensorsFromTwoPlaces) {
  const std::string problem = "net: tensor 'x' comes from two places; the second is ";
  EXPECT_EQ(error_after([](Graph& graph) { graph.inputs.push_back(graph.inputs[0]); }),
            problem + "an input");
  EXPECT_EQ(error_after([](Graph& graph) {
              graph.constants.push_back({graph.inputs[0], {}});
            }),
            problem + "a constant");
  EXPECT_EQ(error_after([](Graph& graph) { graph.states[0].value = graph.inputs[0]; }),
            problem + "a state");
  EXPECT_EQ(error_after([](Graph& graph) { graph.nodes[0].output = graph.inputs[0]; }),
            problem + "node 'd'");
}

TEST(Verify, RefusesConstantsInAnotherOrderThanTheirTensors) {
  EXPECT_EQ(
      error_after([](Graph& graph) { std::swap(graph.constants.front(), graph.constants.back()); }),
      "net: its constants are not in the order of their tensors");
}

TEST(Verify, RefusesTensorsFromNowhere) {
  EXPECT_EQ(error_after([](Graph& graph) {
              graph.tensors.push_back({"lost", {2}});
            }),
            "net: tensor 'lost' comes from nowhere");
}

TEST(Verify, RefusesNodesThatReadWhatComesLater) {
  EXPECT_EQ(error_after([](Graph& graph) { std::swap(graph.nodes[0], graph.nodes[1]); }),
            "net: node 'f' reads tensor 'd', which nothing before it computes");
  EXPECT_EQ(error_after([](Graph& graph) { graph.nodes[1].inputs[0] = graph.nodes[1].output; }),
            "net: node 'f' reads tensor 'f', which nothing before it computes");
}

TEST(Verify, RefusesOutputsAndStatesThatNothingComputes) {
  EXPECT_EQ(error_after([](Graph& graph) {
              graph.tensors.push_back({"lost", {2}});
              graph.outputs[0] = static_cast<TensorId>(graph.tensors.size() - 1);
            }),
            "net: the graph reads tensor 'lost', which nothing before it computes");
  EXPECT_EQ(error_after([](Graph& graph) {
              graph.tensors.push_back({"lost", {2}});
              graph.states[0].next = static_cast<TensorId>(graph.tensors.size() - 1);
            }),
            "net: state 'h' reads tensor 'lost', which nothing before it computes");
}

TEST(Verify, RefusesShapesThatAreNotTheNodes) {
  EXPECT_EQ(error_after([](Graph& graph) {
              graph.tensors[index_of(graph.nodes[1].output)].shape = {1, 2};
            }),
            "net: node 'f' computes [2], but its output 'f' has shape [1, 2]");
  EXPECT_EQ(error_after([](Graph& graph) { graph.tensors[index_of(graph.inputs[0])].shape = {3}; }),
            "net: node 'd' (matmul): its input has 3 values a sample, but its weights have shape "
            "[2, 2]");
}

/// The error of the node y of two inputs that flow, x and z [2, 2] and an image [4, 4, 2], and
/// constants w and v [2, 2], b [2], c [2, 2, 2], k [1, 1, 2, 3] and kb [3].
std::string error_of_node(const std::string& node) {
  std::string text = "input x [2, 2]\ninput z [2, 2]\ninput image [4, 4, 2]\n";
  const std::vector<std::pair<std::string, std::string>> constants = {
      {"w", "[2, 2]"},    {"v", "[2, 2]"},       {"b", "[2]"},
      {"c", "[2, 2, 2]"}, {"k", "[1, 1, 2, 3]"}, {"kb", "[3]"}};
  for (const auto& [name, shape] : constants) {  // each has a reader
    text += "constant " + name + " " + shape + "\n";
  }
  for (const auto& [name, shape] : constants) {
    text += "input " + name + "_x " + shape + "\nnode " + name + "_y = add(" + name + "_x, " +
            name + ")\n";
  }
  return input_error_of([&] { graph_from_text(text + "node y = " + node + "\noutput y\n", "g"); });
}

TEST(Verify, TakesSecondInputsThatFlow) {
  EXPECT_EQ(error_of_node("matmul(x, z)"), "no error");
  EXPECT_EQ(error_of_node("matmul[transposed](x, z, b)"), "no error");
  EXPECT_EQ(error_of_node("matmul(x, w, b)"), "no error");
  EXPECT_EQ(error_of_node("convolution(image, k, kb)"), "no error");
  EXPECT_EQ(error_of_node("add(w, x)"), "no error");
  EXPECT_EQ(error_of_node("concat[axis=0](w, x, v)"), "no error");
}

TEST(Verify, RefusesWeightsAndABiasThatFlow) {
  EXPECT_EQ(error_of_node("matmul(x, w, b_x)"),
            "g: node 'y' (matmul): its input 'b_x' must be a constant");
  EXPECT_EQ(error_of_node("convolution(image, k_x)"),
            "g: node 'y' (convolution): its input 'k_x' must be a constant");
  EXPECT_EQ(error_of_node("convolution(image, k, kb_x)"),
            "g: node 'y' (convolution): its input 'kb_x' must be a constant");
}

TEST(Verify, RefusesConstantsWhereActivationsBelong) {
  EXPECT_EQ(error_of_node("matmul(w, x)"),
            "g: node 'y' (matmul): its input 'w' must not be a constant");
  EXPECT_EQ(error_of_node("matmul[transposed](x, w)"),
            "g: node 'y' (matmul): its input 'w' is a constant, which must be a matrix and not "
            "transposed");
  EXPECT_EQ(error_of_node("matmul(c_y, c)"),
            "g: node 'y' (matmul): its input 'c' is a constant, which must be a matrix and not "
            "transposed");
}

TEST(Verify, RefusesNodesOfConstants) {
  EXPECT_EQ(error_of_node("add(w, v)"), "g: node 'y' (add): it reads constants only");
  EXPECT_EQ(error_of_node("relu(w)"), "g: node 'y' (relu): it reads constants only");
  EXPECT_EQ(error_of_node("concat[axis=0](w, v)"), "g: node 'y' (concat): it reads constants only");
}

TEST(Verify, RefusesNamesThatAreNotOneLine) {
  const std::string problem = " is empty or has control characters";
  EXPECT_EQ(error_after([](Graph& graph) { graph.nodes[1].name.clear(); }),
            "net: the name of a node" + problem);
  EXPECT_EQ(error_after([](Graph& graph) { graph.nodes[1].name = "a\nb"; }),
            "net: the name of a node" + problem);
  EXPECT_EQ(error_after([](Graph& graph) { graph.tensors[0].name.clear(); }),
            "net: the name of a tensor" + problem);
  EXPECT_EQ(error_after([](Graph& graph) { graph.tensors[0].name = "\x7f"; }),
            "net: the name of a tensor" + problem);
}

TEST(Verify, RefusesTwoNodesOfOneName) {
  EXPECT_EQ(error_after([](Graph& graph) { graph.nodes[1].name = "d"; }),
            "net: two nodes are called 'd'");
}

TEST(Verify, RefusesExtentsBelowOne) {
  EXPECT_EQ(error_after([](Graph& graph) {
              graph.tensors[0].shape = {2, 0};
            }),
            "net: tensor 'x' has shape [2, 0]; extents are at least 1");
}

TEST(Verify, RefusesAnotherNumberOfValues) {
  EXPECT_EQ(error_after([](Graph& graph) { graph.constants[0].values.clear(); }), "no error");
  EXPECT_EQ(error_after([](Graph& graph) { graph.constants[0].values.pop_back(); }),
            "net: constant 'd.weights' has 3 values; its shape [2, 2] has 4");
}

TEST(Verify, RefusesANextValueOfAnotherShape) {
  EXPECT_EQ(error_after([](Graph& graph) {
              graph.tensors[index_of(graph.states[0].value)].shape = {1, 2};
            }),
            "net: state 'h' has shape [1, 2], but its next value 'f' has shape [2]");
}

TEST(Verify, ErrorsBeginWithTheFile) {
  EXPECT_EQ(error_after([](Graph& graph) {
              graph.file = "a/net.onnx";
              graph.outputs.clear();
            }),
            "a/net.onnx: a graph needs an input and an output");
}

}  // namespace
}  // namespace systol::test
