#include "host/compile/residuals.h"

#include <gtest/gtest.h>

#include "host/graph/text.h"
#include "tests/host/compile/networks.h"

namespace systol::test {
namespace {

constexpr const char* kBlock = "input x [4, 8]\nconstant w [8, 8]\nnode s = matmul(x, w)\n";
constexpr const char* kWeights = "constant v [8, 8]\n";

/// "fc(x) + s" for a step that adds, in the order of the steps.
std::string joined(const std::string& nodes, const std::set<std::size_t>& apart = {}) {
  const bool second = nodes.find(", v)") != std::string::npos;
  const Graph graph = graph_from_text(kBlock + std::string(second ? kWeights : "") + nodes, "g");
  Steps steps = steps_of(graph);
  add_residuals(graph, apart, steps);
  std::string text;
  for (const Step& step : steps.steps) {
    text += step.name;
    if (step.added) {
      text += step.added->sums == 0 ? " + " : " after ";
      text += graph.tensor(step.sources.back()).name;
    }
    text += step.table ? " table; " : "; ";
  }
  return text;
}

TEST(Residuals, GoWithTheLaterMatmulAndTakeTheirFunctionsWithThem) {
  EXPECT_EQ(joined("node c = matmul(s, v)\nnode y = add(c, s)\nnode r = relu(y)\noutput r\n"),
            "s; c + s; ");
  EXPECT_EQ(joined("node c = matmul(s, v)\nnode y = subtract(s, c)\noutput y\n"), "s; c after s; ");
  EXPECT_EQ(joined("node c = matmul(x, v)\nnode y = add(s, c)\noutput y\n"), "s; c after s; ");
  EXPECT_EQ(joined("node c = matmul(s, v)\nnode f = relu(c)\nnode y = add(f, s)\n"
                   "node t = tanh(y)\noutput t\n"),
            "s; c + s table; ");
  EXPECT_EQ(joined("node y = add(s, x)\noutput y\n"), "s + x; ") << "an input";
}

TEST(Residuals, TheStepIsThatOfTheSumAndReadsBoth) {
  const Graph graph =
      graph_from_text(std::string(kBlock) + kWeights +
                          "node c = matmul(s, v)\nnode y = add(c, s)\nnode r = relu(y)\n"
                          "node z = tanh(r)\noutput z\noutput r\n",
                      "g");
  Steps steps = steps_of(graph);
  add_residuals(graph, {}, steps);
  ASSERT_EQ(steps.steps.size(), 3U);
  const Step& step = steps.steps[1];
  EXPECT_EQ(step.node, 1U);
  EXPECT_EQ(step.functions, (std::vector<std::size_t>{2, 3}));
  EXPECT_EQ(step.output, graph.nodes[3].output);
  EXPECT_EQ(step.sources, (std::vector<TensorId>{graph.nodes[0].output, graph.nodes[0].output}));
  EXPECT_EQ(step.added, (AddedResidual{2, 0}));
  EXPECT_EQ(steps.steps[2].input(), step.output);
}

TEST(Residuals, OtherAdditionsStayOnTheVectorUnit) {
  const std::string c = "node c = matmul(s, v)\n";
  EXPECT_EQ(joined(c + "node y = add(c, s)\noutput y\noutput c\n"), "s; c; y; ")
      << "the sums are read by another";
  EXPECT_EQ(joined(c + "node t = tanh(c)\nnode y = add(t, s)\noutput y\n"), "s; c table; y; ")
      << "there is one look-up for each value";
  EXPECT_EQ(joined(c + "node y = multiply(c, s)\noutput y\n"), "s; c; y; ");
  EXPECT_EQ(joined(c + "node y = add(c, c)\noutput y\n"), "s; c; y; ");
  EXPECT_EQ(joined("constant b [8]\n" + c + "node y = add(c, b)\noutput y\n"), "s; c; y; ")
      << "a constant";
  EXPECT_EQ(joined("node m = mean(s)\n" + c + "node y = add(c, m)\noutput y\n"), "s; m; c; y; ")
      << "a value for each row";
  EXPECT_EQ(joined(c + "node p = softmax(s)\nnode y = add(c, p)\noutput y\n"), "s; c; p; y; ")
      << "the residual is computed after the sums";
  EXPECT_EQ(joined(c + "node y = add(c, s)\nnode z = add(y, x)\noutput z\n"), "s; c + s; z; ")
      << "one for each matmul";
  EXPECT_EQ(joined(c + "node y = add(c, s)\noutput y\n", {2}), "s; c; y; ") << "asked for";
}

/// Of the block's plan: what runs.
std::vector<std::string> names(std::uint64_t buffer, Dataflow dataflow) {
  ArrayConfig config = array(4, 4, buffer);
  config.dataflow = dataflow;
  const auto graph = std::make_shared<const Graph>(
      graph_from_text("input x [64, 8]\nconstant w [8, 8]\nconstant v [8, 8]\nconstant u [8, 8]\n"
                      "node s = matmul(x, w)\nnode h = matmul(s, v)\nnode c = matmul(h, u)\n"
                      "node y = add(c, s)\noutput y\n",
                      "g"));
  std::vector<std::string> result;
  for (const Step& step : make_plan(graph, nullptr, config, 1, 1).steps) {
    result.push_back(step.name);
  }
  return result;
}

using Names = std::vector<std::string>;

TEST(Residuals, AreAddedOnTheWayWhereTheyAreInTheBuffer) {
  EXPECT_EQ(names(1 << 16, Dataflow::WeightStationary), (Names{"s", "h", "c"}));
  EXPECT_EQ(names(1 << 16, Dataflow::OutputStationary), (Names{"s", "h", "c"}));
  EXPECT_EQ(names(1 << 16, Dataflow::InputStationary), (Names{"s", "h", "c", "y"}));
  EXPECT_EQ(names(2048, Dataflow::WeightStationary), (Names{"s", "h", "c", "y"}))
      << "512 bytes each";
}

}  // namespace
}  // namespace systol::test
