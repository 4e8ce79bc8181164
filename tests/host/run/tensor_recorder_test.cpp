#include "host/run/tensor_recorder.h"

#include <gtest/gtest.h>

#include "host/graph/text.h"
#include "host/reference/integer_network.h"
#include "sim/fast/fast_device.h"
#include "sim/systemc/systemc_device.h"
#include "sim/unit/model_unit.h"
#include "tests/host/compile/networks.h"

namespace systol::test {
namespace {

struct RecordedRun {
  std::vector<TensorValues> tensors;
  RunResult result;
};

RecordedRun recorded(const Work& work, const ArrayConfig& config, bool clocked,
                     bool record = true) {
  const NetworkProgram program = work.program_for(config);
  const auto device = clocked ? make_systemc_device("systemc", config, make_model_unit, {})
                              : make_fast_device(config, {});
  MemoryImage memory = program.memory(work.input);
  TensorRecorder recorder(program, *work.graph);
  const auto commands = program.commands();
  RecordedRun run;
  run.result = device->run(*commands, program.nodes(), memory, record ? &recorder : nullptr);
  run.tensors = recorder.take(memory);
  return run;
}

/// The input, then each step's output, against what the reference computes.
void expect_right(const Work& work, const ArrayConfig& config,
                  const std::vector<TensorValues>& tensors) {
  const IntegerResult expected = run_integer(*work.graph, work.input, work.samples);
  const std::vector<Step> steps = work.program_for(config).plan().steps;
  ASSERT_EQ(tensors.size(), 1 + steps.size());
  EXPECT_EQ(tensors[0].values, work.input);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    EXPECT_EQ(tensors[i + 1].values, expected.of(steps[i].output)) << i;
    EXPECT_EQ(tensors[i + 1].quantisation, work.graph->of(steps[i].output)) << i;
    EXPECT_EQ(tensors[i + 1].missing, 0U);
  }
}

Work three_layers() {
  return network({7, 11, 5, 4}, {Activation::Relu, Activation::Tanh, Activation::Softmax}, 9, 4);
}

TEST(TensorRecorder, HasEveryTensorAsTheEngineWroteIt) {
  const Work work = three_layers();
  for (const Dataflow dataflow :
       {Dataflow::WeightStationary, Dataflow::OutputStationary, Dataflow::InputStationary}) {
    ArrayConfig config = array(3, 5);
    config.dataflow = dataflow;
    for (const bool clocked : {false, true}) {
      expect_right(work, config, recorded(work, config, clocked).tensors);
    }
  }
}

TEST(TensorRecorder, HasThoseThatStreamThroughMemoryToo) {
  const Work work = three_layers();
  const ArrayConfig config = array(3, 5, least_buffer(3, 5));
  ASSERT_FALSE(work.program_for(config).plan().resident());
  expect_right(work, config, recorded(work, config, false).tensors);
}

/// Convolutions with borders, a residual connection, padding among values, and an output that is
/// read again.
Work image_network() {
  Graph graph = graph_from_text(R"(
input x [6, 6, 4]
constant w [3, 3, 4, 4]
constant v [3, 3, 4, 4]
node a = convolution[before=1x1, after=1x1](x, w)
node r = relu(a)
node c = convolution[before=1x1, after=1x1](r, v)
node s = add(c, x)
node t = relu(s)
node p = max_pool[2x2, stride=2x2](t)
node q = pad[before=1x0x0, after=0x2x0, between=1x1x0](p)
node z = sigmoid(q)
output z
output r
)",
                                "image_network");
  graph.seed = 3;
  return work_of(std::move(graph), 3, 2);
}

TEST(TensorRecorder, HasImages) {
  const Work work = image_network();
  for (const Dataflow dataflow :
       {Dataflow::WeightStationary, Dataflow::OutputStationary, Dataflow::InputStationary}) {
    ArrayConfig config = array(5, 4);
    config.dataflow = dataflow;
    for (const bool clocked : {false, true}) {
      expect_right(work, config, recorded(work, config, clocked).tensors);
    }
  }
}

TEST(TensorRecorder, HasImagesThatGoThroughTheBufferInBands) {
  const Work work = work_of(graph_from_text(R"(
input x [16, 16, 4]
constant w [3, 3, 4, 4]
node a = convolution[before=1x1, after=1x1](x, w)
node r = relu(a)
node s = add(r, x)
output s
)",
                                            "large_network"),
                            2, 1);
  const ArrayConfig config = array(5, 4, 2'048);
  ASSERT_FALSE(work.program_for(config).plan().spilled().empty());
  expect_right(work, config, recorded(work, config, false).tensors);
}

TEST(TensorRecorder, ChangesNoCycle) {
  const Work work = three_layers();
  for (const bool clocked : {false, true}) {
    EXPECT_EQ(recorded(work, array(3, 5), clocked).result,
              recorded(work, array(3, 5), clocked, false).result);
  }
}

TEST(TensorRecorder, NamesATensorAfterTheLastNodeOfItsStep) {
  const Work work = three_layers();
  const std::vector<TensorValues> tensors = recorded(work, array(3, 5), false).tensors;
  EXPECT_EQ(tensors[0].name, "input");
  EXPECT_TRUE(tensors[0].nodes.empty());
  EXPECT_EQ(tensors[0].shape, (Shape{7}));
  EXPECT_EQ(tensors[1].name, "f1");
  EXPECT_EQ(tensors[1].nodes, (std::vector<std::string>{"fc1", "f1"}));
  EXPECT_EQ(tensors[1].shape, (Shape{11}));
  EXPECT_EQ(tensors[3].nodes, (std::vector<std::string>{"fc3"}));
  EXPECT_EQ(tensors[4].name, "f5");
  EXPECT_EQ(tensors[4].nodes, (std::vector<std::string>{"f5"})) << "a softmax is a step of its own";
}

TEST(TensorRecorder, CountsWhatWasNeverWritten) {
  const Work work = layer(4, 3, 2);
  const NetworkProgram program = work.program_for(array(2, 2));
  TensorRecorder recorder(program, *work.graph);
  recorder.wrote_row(0, {isa::Activate{}, {}, {}, {0, 0, 0, 0}}, 1, std::vector<std::int8_t>{7, 8});
  const std::vector<TensorValues> tensors = recorder.take(program.memory(work.input));
  EXPECT_EQ(tensors[1].values, (std::vector<std::int8_t>{0, 0, 0, 7, 8, 0}));
  EXPECT_EQ(tensors[1].missing, 4U);
}

}  // namespace
}  // namespace systol::test
