#include <gtest/gtest.h>

#include "host/graph/text.h"
#include "tests/host/import/workload/workload_text.h"

namespace systol::test {
namespace {

TEST(RecurrentLayers, AnLstmIsUnrolled) {
  EXPECT_EQ(nodes_of("[2, 3]", "  - lstm: {units: 4, name: l}\n"),
            R"(l.input = matmul(input, l.input.weights, l.input.bias)
l.step1.input = slice[0:1, 0:16](l.input)
l.step1.gates = slice[0:1, 0:12](l.step1.input)
l.step1.sigmoid = sigmoid(l.step1.gates)
l.step1.change = slice[0:1, 12:4](l.step1.input)
l.step1.candidate = tanh(l.step1.change)
l.step1.in = slice[0:1, 0:4](l.step1.sigmoid)
l.step1.new = multiply(l.step1.in, l.step1.candidate)
l.step1.tanh = tanh(l.step1.new)
l.step1.out = slice[0:1, 8:4](l.step1.sigmoid)
l.step1.hidden = multiply(l.step1.out, l.step1.tanh)
l.step2.input = slice[1:1, 0:16](l.input)
l.step2.recurrent = matmul(l.step1.hidden, l.recurrent)
l.step2.sums = add(l.step2.input, l.step2.recurrent)
l.step2.gates = slice[0:1, 0:12](l.step2.sums)
l.step2.sigmoid = sigmoid(l.step2.gates)
l.step2.change = slice[0:1, 12:4](l.step2.sums)
l.step2.candidate = tanh(l.step2.change)
l.step2.in = slice[0:1, 0:4](l.step2.sigmoid)
l.step2.new = multiply(l.step2.in, l.step2.candidate)
l.step2.forget = slice[0:1, 4:4](l.step2.sigmoid)
l.step2.kept = multiply(l.step2.forget, l.step1.new)
l.step2.cell = add(l.step2.kept, l.step2.new)
l.step2.tanh = tanh(l.step2.cell)
l.step2.out = slice[0:1, 8:4](l.step2.sigmoid)
l.step2.hidden = multiply(l.step2.out, l.step2.tanh)
l = concat[axis=0](l.step1.hidden, l.step2.hidden)
)");
}

TEST(RecurrentLayers, AGruIsUnrolled) {
  EXPECT_EQ(nodes_of("[2, 3]", "  - gru: {units: 4, name: g, return: last}\n"),
            R"(g.input = matmul(input, g.input.weights, g.input.bias)
g.step1.change = slice[0:1, 8:4](g.input)
g.step1.gates = slice[0:1, 0:4](g.input)
g.step1.update = sigmoid(g.step1.gates)
g.step1.candidate = tanh(g.step1.change)
g.step1.kept = multiply(g.step1.update, g.step1.candidate)
g.step1.hidden = subtract(g.step1.candidate, g.step1.kept)
g.step2.change = slice[1:1, 8:4](g.input)
g.step2.recurrent.gates = matmul(g.step1.hidden, g.recurrent.gates)
g.step2.gates = slice[1:1, 0:8](g.input)
g.step2.sums = add(g.step2.gates, g.step2.recurrent.gates)
g.step2.sigmoid = sigmoid(g.step2.sums)
g.step2.forget = slice[0:1, 4:4](g.step2.sigmoid)
g.step2.reset = multiply(g.step2.forget, g.step1.hidden)
g.step2.recurrent = matmul(g.step2.reset, g.recurrent)
g.step2.candidate.sums = add(g.step2.change, g.step2.recurrent)
g.step2.candidate = tanh(g.step2.candidate.sums)
g.step2.difference = subtract(g.step1.hidden, g.step2.candidate)
g.step2.update = slice[0:1, 0:4](g.step2.sigmoid)
g.step2.kept = multiply(g.step2.update, g.step2.difference)
g.step2.hidden = add(g.step2.candidate, g.step2.kept)
)");
}

TEST(RecurrentLayers, ReturnTheSequenceOrTheLastStep) {
  for (const std::string kind : {"lstm", "gru"}) {
    EXPECT_EQ(shape_after("[5, 3]", "  - " + kind + ": {units: 4}\n"), (Shape{5, 4}));
    EXPECT_EQ(shape_after("[5, 3]", "  - " + kind + ": {units: 4, return: last}\n"), (Shape{1, 4}));
    EXPECT_EQ(shape_after("[1, 3]", "  - " + kind + ": {units: 4}\n"), (Shape{1, 4}));
  }
}

TEST(RecurrentLayers, ErrorsNameThePlace) {
  EXPECT_EQ(workload_error("[5, 3]", "  - lstm: {units: 4, return: first}\n"),
            "w.yaml:5:30: layers[0].lstm.return: found 'first', expected one of: sequence, last");
  EXPECT_EQ(workload_error("[4097, 3]", "  - gru: {units: 4}\n"),
            "w.yaml:5:10: layers[0].gru: a sequence of 4097 steps; at most 4096 are supported");
  EXPECT_EQ(workload_error("[3]", "  - gru: {units: 4}\n"),
            "w.yaml:5:10: layers[0].gru: its input has shape [3]; it needs a sequence, [length, "
            "size]");
  EXPECT_EQ(workload_error("[4096, 3]", "  - lstm: {units: 4}\n"),
            "w.yaml:5:11: layers[0].lstm: more than 50000 nodes; at most 50000 are supported");
}

TEST(RecurrentLayers, StatefulOnesBeginWithWhatTheSampleBeforeLeft) {
  const std::string text = to_text(workload_of("[1, 3]",
                                               "  - lstm: {units: 4, stateful: true, name: l}\n"
                                               "  - gru: {units: 2, stateful: true, name: g}\n"));
  EXPECT_NE(text.find("state l.cell [1, 4] next l.step1.cell\n"
                      "state l.hidden [1, 4] next l.step1.hidden\n"
                      "state g.hidden [1, 2] next g.step1.hidden\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("node l.step1.recurrent = matmul(l.hidden, l.recurrent)\n"),
            std::string::npos);
  EXPECT_NE(text.find("node l.step1.kept = multiply(l.step1.forget, l.cell)\n"), std::string::npos);
}

}  // namespace
}  // namespace systol::test
