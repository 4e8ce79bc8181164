#include "host/compile/steps.h"

#include <gtest/gtest.h>

#include "host/graph/text.h"
#include "sim/base/error.h"

namespace systol {
namespace {

Graph graph_of(const std::string& nodes) {
  return graph_from_text("input x [2, 4]\n" + nodes, "g");
}

std::string error_of(const std::string& nodes) {
  try {
    steps_of(graph_of(nodes));
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Steps, FunctionsAndReshapesGoWithTheirMatmul) {
  const Graph graph = graph_of(
      "constant w [8, 6]\nnode flat = reshape[8](x)\nnode fc = matmul(flat, w)\nnode r = relu(fc)\n"
      "node s = reshape[2, 3](r)\nnode t = tanh(s)\nnode u = reshape[6](t)\n"
      "node p = softmax(u)\noutput p\n");
  const Steps steps = steps_of(graph);
  ASSERT_EQ(steps.steps.size(), 2U);
  const Step& fc = steps.steps[0];
  EXPECT_EQ(fc.name, "fc");
  EXPECT_EQ(fc.node, 1U);
  EXPECT_EQ(fc.functions, (std::vector<std::size_t>{2, 4}));
  EXPECT_TRUE(fc.table);
  EXPECT_FALSE(fc.softmax());
  EXPECT_EQ(fc.input(), graph.inputs[0]) << "the reshape's bytes are the input's";
  EXPECT_EQ(fc.output, graph.nodes[5].output);
  EXPECT_EQ(fc.inputs, 8U);
  EXPECT_EQ(fc.outputs, 6U);
  EXPECT_EQ(steps.steps[1].name, "p");
  EXPECT_TRUE(steps.steps[1].softmax());
  EXPECT_EQ(steps.steps[1].input(), fc.output);
  EXPECT_EQ(steps.outputs, (std::vector<TensorId>{steps.steps[1].output}));
}

TEST(Steps, AReluAloneAfterAMatmulNeedsNoTable) {
  const Steps steps =
      steps_of(graph_of("constant w [8, 6]\nnode flat = reshape[8](x)\nnode fc = matmul(flat, "
                        "w)\nnode r = relu(fc)\noutput r\n"));
  EXPECT_FALSE(steps.steps[0].table);
}

TEST(Steps, AClipAroundZeroNeedsNoTable) {
  const auto table = [](const std::string& clip) {
    return steps_of(graph_of("constant w [8, 6]\nnode flat = reshape[8](x)\nnode fc = matmul(flat, "
                             "w)\nnode r = " +
                             clip + "(fc)\noutput r\n"))
        .steps[0]
        .table;
  };
  EXPECT_FALSE(table("clip[0, 6]"));
  EXPECT_TRUE(table("clip[1, 6]"));
}

TEST(Steps, AFunctionThatCannotJoinItsInputsStepIsAStepOfItsOwn) {
  const std::string fc =
      "constant w [8, 6]\nnode flat = reshape[8](x)\nnode fc = matmul(flat, w)\n";
  for (const std::string& text :
       {fc + "node r = relu(fc)\noutput r\noutput fc\n",
        fc + "node p = softmax(fc)\nnode r = relu(p)\noutput r\n",
        std::string("node p = tanh(x)\nnode flat = reshape[8](p)\nnode r = relu(flat)\n"
                    "output flat\noutput r\n")}) {
    const Step last = steps_of(graph_of(text)).steps.back();
    EXPECT_EQ(last.kind, StepKind::Table);
    EXPECT_EQ(last.name, "r");
    EXPECT_TRUE(last.table);
  }
}

TEST(Steps, AStatesNextValueIsNamedAsItIsStored) {
  const Steps steps = steps_of(
      graph_of("state h [6] next r\nconstant w [8, 6]\nnode flat = reshape[8](x)\n"
               "node fc = matmul(flat, w)\nnode r = relu(fc)\nnode y = add(r, h)\noutput y\n"));
  ASSERT_EQ(steps.steps.size(), 2U);
  ASSERT_EQ(steps.states.size(), 1U);
  EXPECT_EQ(steps.states[0].next, steps.steps[0].output);
}

TEST(Steps, WhatTheMachineCannotRunIsRefusedByName) {
  EXPECT_EQ(error_of("state h [8] next flat\nnode flat = reshape[8](x)\n"
                     "node y = add(h, h)\noutput y\n"),
            "g: state 'h': nothing computes its next value");
  EXPECT_EQ(error_of("node flat = reshape[8](x)\noutput flat\n"),
            "g: output 'flat': nothing computes it");
}

}  // namespace
}  // namespace systol
