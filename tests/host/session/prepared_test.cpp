#include "host/session/prepared.h"

#include <gtest/gtest.h>

#include <cmath>

#include "host/import/sizes.h"
#include "host/import/synthetic.h"
#include "host/quantise/quantise.h"
#include "sim/base/error.h"

namespace systol {
namespace {

std::string error_of(const auto& action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Prepared, WhatIsMadeUpIsByTheSeed) {
  const Graph shapes = dense_from_sizes("4x3", 7);
  const Prepared prepared = prepare(shapes, synthetic_samples(5));
  Graph filled = shapes;
  fill_constants(filled);
  const auto shared = std::make_shared<const Graph>(filled);
  const QuantGraph expected = quantise(shared, synthetic_inputs(filled, 256, 8), 256);
  const std::vector<std::int8_t> input =
      quantise_input(synthetic_inputs(filled, 5, 7), expected.of(filled.inputs.front()));
  EXPECT_EQ(prepared.input(), input);
  EXPECT_EQ(std::get<QuantMatMul>(prepared.quantised()->nodes[0]).weights,
            std::get<QuantMatMul>(expected.nodes[0]).weights);
  EXPECT_EQ(prepared.expected().of(filled.outputs.front()),
            run_integer(expected, input, 5).of(filled.outputs.front()));
  EXPECT_FALSE(prepared.graph().has_values()) << "the graph stays the shapes that it was";
}

TEST(Prepared, LargeWeightsAreTheSameWhenTheyAreRead) {
  const Graph shapes = dense_from_sizes("600x512x3", 7);
  const Prepared prepared = prepare(shapes, synthetic_samples(2));
  auto filled = std::make_shared<Graph>(shapes);
  fill_constants(*filled);
  const QuantGraph expected = quantise(filled, synthetic_inputs(*filled, 256, 8), 256);
  EXPECT_EQ(std::get<QuantMatMul>(prepared.quantised()->nodes[0]).weights,
            std::get<QuantMatMul>(expected.nodes[0]).weights);
  EXPECT_EQ(prepared.scores().outputs, run_float(*filled, prepared.sample_values(), 2).outputs);
}

TEST(Prepared, EachThingIsMadeOnceAndSharedByCopies) {
  const Prepared prepared = prepare(dense_from_sizes("4x3"), synthetic_samples(5));
  const Prepared copy = prepared;
  EXPECT_EQ(prepared.quantised().get(), copy.quantised().get());
  EXPECT_EQ(&prepared.expected(), &copy.expected());
  EXPECT_EQ(&prepared.scores(), &copy.scores());
  EXPECT_EQ(&prepared.input(), &copy.input());
}

TEST(Prepared, APercentileThatCannotBeIsRefused) {
  Samples samples = synthetic_samples(1);
  for (const double percentile : {50.0, 100.5, std::nan("")}) {
    samples.method = {CalibrationMethod::Percentile, percentile};
    EXPECT_NE(error_of([&] {
                prepare(dense_from_sizes("4x3"), samples);
              }).find("; allowed: above 50, at most 100"),
              std::string::npos);
  }
}

TEST(Prepared, WhatQuantisationCostsIsKnownOfEachResult) {
  const Prepared prepared = prepare(dense_from_sizes("4x3"), synthetic_samples(5));
  const std::vector<std::optional<double>>& decibels = prepared.signal_to_noise();
  ASSERT_EQ(decibels.size(), prepared.quantised()->tensors.size());
  const std::optional<double> output = decibels[index_of(prepared.graph().outputs[0])];
  EXPECT_GT(output.value(), 25.0);
  EXPECT_LT(output.value(), 60.0);
  const Prepared scored = prepare(dense_from_sizes("4x3"), synthetic_samples(5));
  EXPECT_EQ(prepared.scores().outputs, scored.scores().outputs);
}

TEST(Prepared, SamplesThatDoNotFitAreRefused) {
  Samples samples;
  samples.count = 2;
  samples.values = {1, 2, 3};
  EXPECT_EQ(error_of([&] { prepare(dense_from_sizes("4x3"), samples); }),
            "4x3: 2 samples of 4 values are 8 values; 3 are given");
}

TEST(Prepared, LabelsAndCalibrationMustFitTheSamples) {
  Samples samples = synthetic_samples(3);
  samples.labels = {1, 2};
  EXPECT_EQ(error_of([&] { prepare(dense_from_sizes("4x3"), samples); }),
            "4x3: 2 labels for 3 samples; allowed: none, or one for each");
  samples.labels.clear();
  samples.calibration = {1, 2, 3, 4, 5};
  EXPECT_EQ(error_of([&] { prepare(dense_from_sizes("4x3"), samples); }),
            "4x3: 5 values calibrate; allowed: a multiple of the 4 of a sample");
}

TEST(Prepared, WhatTheMachineCannotRunIsRefusedAtOnce) {
  Graph graph = dense_from_sizes("4x3");
  const TensorId constant = graph.add_constant("c", {4}, {1, 2, 3, 4});
  graph.outputs = {graph.add_node("relu", Map{Function::Relu}, {constant})};
  EXPECT_NE(error_of([&] { prepare(graph, synthetic_samples(1)); }).find("node 'relu' (relu)"),
            std::string::npos);
}

TEST(Prepared, WhatIsNoGraphIsRefused) {
  Graph graph = dense_from_sizes("4x3");
  graph.outputs.clear();
  EXPECT_EQ(error_of([&] { prepare(graph, {}); }), "4x3: a graph needs an input and an output");
}

TEST(Prepared, ShapesTooLargeForValuesAreRefusedOnlyWhereValuesAreNeeded) {
  const Prepared prepared = prepare(dense_from_sizes("120000x65536"), synthetic_samples(1));
  EXPECT_EQ(prepared.graph().output_size(), 65'536U);
  EXPECT_EQ(error_of([&] { prepared.quantised(); }),
            "120000x65536: 7864320000 weights up to 'dense_1.weights'; at most 536870912 are held: "
            "ask for time and traffic only");
  const Prepared many = prepare(dense_from_sizes("1000x1"), synthetic_samples(600'000));
  EXPECT_EQ(error_of([&] { many.input(); }),
            "1000x1: 600000 samples of 'input' have more than 536870912 values: give fewer "
            "samples, or ask for time and traffic only");
}

}  // namespace
}  // namespace systol
