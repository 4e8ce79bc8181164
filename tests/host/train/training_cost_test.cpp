#include "host/train/training_cost.h"

#include <gtest/gtest.h>

#include "host/import/workload.h"
#include "host/train/initialise.h"
#include "sim/base/error.h"
#include "sim/fast/fast_device.h"
#include "sim/systemc/systemc_device.h"
#include "sim/unit/model_unit.h"
#include "tests/host/train/bf16_array.h"

namespace systol {
namespace {

ArrayConfig array_of_floats() {
  ArrayConfig config = test::bf16_array(3, 2);
  config.clock = Hertz(2'000'000'000);
  return config;
}

Graph network_of(const std::string& layers) {
  Graph network = parse_workload("name: net\n" + layers, "net.yaml");
  initialise(network, Initialiser::Automatic, 1);
  return network;
}

Graph two_layers() {
  return network_of(
      "input: {shape: [4]}\nlayers:\n  - dense: {units: 5, activation: relu, name: a}\n"
      "  - dense: {units: 3, activation: softmax, name: b}\n");
}

TrainingCost cost_of(const Graph& network, std::size_t samples, std::size_t batch) {
  const ArrayConfig config = array_of_floats();
  return training_cost(network_steps(network, Loss::CrossEntropy, samples, batch), config,
                       *make_fast_device(config, {.data = false, .check_program = false}));
}

TEST(StepMatmuls, AreThoseOfEachLayerForwardAndBackward) {
  const std::vector<StepMatmul> expected = {
      {"a", StepPart::Forward, {6, 4, 5, false, false}},
      {"b", StepPart::Forward, {6, 5, 3, false, false}},
      {"b", StepPart::InputGradient, {6, 3, 5, false, true}},
      {"b", StepPart::WeightGradient, {5, 6, 3, true, false}},
      {"a", StepPart::WeightGradient, {4, 6, 5, true, false}},  // nobody wants its inputs' gradient
  };
  EXPECT_EQ(step_matmuls(training_graph(two_layers(), Loss::CrossEntropy, 6)), expected);
}

TEST(StepMatmuls, OfAConvolutionAreThoseOfThePlacesOfItsWindow) {
  const Graph network = network_of(
      "input: {shape: [6, 6, 2]}\nlayers:\n  - conv: {filters: 4, kernel: 3, name: c}\n"
      "  - flatten: {}\n  - dense: {units: 2, name: d}\n");
  const std::vector<StepMatmul> matmuls =
      step_matmuls(training_graph(network, Loss::CrossEntropy, 2));
  ASSERT_GE(matmuls.size(), 1U);
  EXPECT_EQ(matmuls.front(), (StepMatmul{"c", StepPart::Forward, {32, 18, 4, false, false}}))
      << "4 x 4 places of 2 samples, 3 x 3 x 2 values each";
  EXPECT_EQ(matmuls.back(), (StepMatmul{"c", StepPart::WeightGradient, {18, 32, 4, true, false}}));
}

/// Two groups of 2 channels: each a product of its own.
TEST(TrainingCost, HasEachOfALayersEqualProducts) {
  const Graph network = network_of(
      "input: {shape: [6, 6, 4]}\nlayers:\n  - conv: {filters: 6, kernel: 3, groups: 2, name: c}\n"
      "  - flatten: {}\n  - dense: {units: 2, name: d}\n");
  const TrainingCost cost = cost_of(network, 2, 2);
  const StepCost& step = cost.steps[0];
  ASSERT_EQ(step.matmuls.front(),
            (StepMatmul{"c", StepPart::Forward, {32, 18, 3, false, false}, 2}));
  EXPECT_EQ(step.work.front().macs(), 2U * 32 * 18 * 3);
  // The dense layer's 6 x 96 values of 4 x 4 places, forward and twice backward.
  EXPECT_EQ(step.total().macs(), 2U * 2 * 32 * 18 * 3 + 3U * 2 * 96 * 2);
}

TEST(VectorWork, APassTakesTheLargerOfItsOperationsAndItsBytes) {
  ArrayConfig config = array_of_floats();  // 2 columns, 2 GHz
  config.memories[0].bandwidth = BytesPerSecond(16'000'000'000);
  config.memories[0].latency = Picoseconds(20'000);
  EXPECT_EQ(cycles_of({VectorPart::Loss, 101, 60, 20}, config), Cycles(51 + 40));
  EXPECT_EQ(cycles_of({VectorPart::Loss, 101, 1000, 20}, config), Cycles(128 + 40));
}

/// 6 samples, 4 values, 5 units with a rectifier, 3 units, a softmax that the loss has.
TEST(VectorWork, IsAllOfAStepThatIsNoProduct) {
  const TrainingCost cost = cost_of(two_layers(), 6, 6);
  const VectorParts& parts = cost.steps[0].vector;
  const auto part = [&](VectorPart of) { return parts[static_cast<std::size_t>(of)]; };
  EXPECT_EQ(part(VectorPart::Forward).operations, 30U + 30 + 18) << "biases, rectifier, biases";
  EXPECT_EQ(part(VectorPart::Forward).read_bytes, 4U * (30 + 5 + 30 + 18 + 3));
  EXPECT_EQ(part(VectorPart::Forward).written_bytes, 4U * 78);
  EXPECT_EQ(part(VectorPart::InputGradient).operations, 30U + 30) << "the slope, times dy";
  EXPECT_EQ(part(VectorPart::WeightGradient).operations, 30U + 5 + 10 + 18 + 3 + 6)
      << "means over samples, times their number, of each layer's biases";
  EXPECT_EQ(part(VectorPart::Loss).operations, 12U * 18 + 18 + 2 * 18 + 3 * 18 + 8 * 6)
      << "softmax, difference, factor; the loss and six logarithms";
  EXPECT_EQ(part(VectorPart::Update).operations, 2U * (20 + 5 + 15 + 3));
  EXPECT_EQ(part(VectorPart::Update).written_bytes, 4U * 43);
  EXPECT_EQ(cost.vector({3})[0].operations, 3U * 78);
}

/// 43 parameters: 4 x 5 and 3 x 5 weights, 5 and 3 biases.
TEST(VectorWork, OfAnUpdateIsThatOfItsOptimiser) {
  const TrainingGraph step = training_graph(two_layers(), Loss::CrossEntropy, 6);
  const auto expect = [&](const OptimiserSettings& optimiser, std::uint64_t operations,
                          std::uint64_t reads, std::uint64_t writes) {
    VectorPass sum{VectorPart::Update, 0, 0, 0};
    const std::vector<VectorPass> passes = update_passes(step, optimiser);
    EXPECT_EQ(passes.size(), 4U);
    for (const VectorPass& pass : passes) {
      EXPECT_EQ(pass.part, VectorPart::Update);
      sum.operations += pass.operations;
      sum.read_bytes += pass.read_bytes;
      sum.written_bytes += pass.written_bytes;
    }
    EXPECT_EQ(sum,
              (VectorPass{VectorPart::Update, 43 * operations, 4U * 43 * reads, 4U * 43 * writes}));
  };
  // rate * g and a difference; of momentum * v + g two more, and v
  expect({OptimiserKind::Sgd}, 2, 2, 1);
  expect({OptimiserKind::Sgd, 0.9F}, 4, 3, 2);
  // the sign, too; of momentum * v + (1 - momentum) * g three more
  expect({OptimiserKind::SignSgd}, 3, 2, 1);
  expect({OptimiserKind::SignSgd, 0.9F}, 6, 3, 2);
  // averages of g and of g * g 3 and 4, their corrections 2, a root 8, the sum with epsilon 1, a
  // quotient 8, times the rate and the difference 2; the value, the averages and g
  expect({OptimiserKind::Adam}, 28, 4, 3);
}

TEST(TrainingCost, IsWhatAnEngineWithAClockTakes) {
  const TrainingCost cost = cost_of(two_layers(), 6, 6);
  ASSERT_EQ(cost.steps.size(), 1U);
  const ArrayConfig config = array_of_floats();
  Cycles cycles;
  for (const StepMatmul& matmul : cost.steps[0].matmuls) {
    const Bf16MatmulShape& shape = matmul.shape;
    const auto device = make_systemc_device("systemc", config, make_model_unit, {});
    const std::vector<Bf16> a(std::size_t{shape.rows} * shape.depth);
    const std::vector<Bf16> b(std::size_t{shape.depth} * shape.columns);
    std::vector<float> c(std::size_t{shape.rows} * shape.columns);
    cycles += Bf16Matmul(shape, config).run(*device, a, b, c).cycles;
  }
  const ArrayWork step = cost.steps[0].total();
  EXPECT_EQ(step.cycles(), cycles);
  // products of the five matmuls above
  EXPECT_EQ(step.macs(), 6U * 4 * 5 + 6 * 5 * 3 + 6 * 3 * 5 + 5 * 6 * 3 + 4 * 6 * 5);
  EXPECT_DOUBLE_EQ(cost.time(step), static_cast<double>(cycles.count()) / 2e9);
  EXPECT_DOUBLE_EQ(cost.utilisation(step), 510.0 / (6.0 * static_cast<double>(cycles.count())));
  // fp32 results, each written once
  EXPECT_EQ(step.activity[Action::ActivationsWriteBytes],
            4U * (6 * 5 + 6 * 3 + 6 * 5 + 5 * 3 + 4 * 5));
}

TEST(TrainingCost, OfAllStepsCountsTheLastBatchOfAnEpochAsWhatItIs) {
  const TrainingCost cost = cost_of(two_layers(), 8, 3);
  ASSERT_EQ(cost.steps.size(), 2U);
  EXPECT_EQ(cost.steps[1].samples, 2U);
  History history;
  for (const std::uint32_t samples : {3U, 3U, 2U, 3U}) {
    history.steps.push_back({0.5, samples, 0, 0.1F});
  }
  const StepCounts counts = cost.counts(history);
  EXPECT_EQ(counts, (StepCounts{3, 1}));
  // 510 products of 6 samples above, of which each has as many
  EXPECT_EQ(cost.total(counts).macs(), 85U * (3 + 3 + 2 + 3));
  EXPECT_EQ(cost.total(counts).cycles().count(),
            3 * cost.steps[0].total().cycles().count() + cost.steps[1].total().cycles().count());
  const std::vector<LayerCost> layers = cost.layers(counts);
  ASSERT_EQ(layers.size(), 5U);
  ArrayWork all;
  for (const LayerCost& layer : layers) {
    all += layer.all;
  }
  EXPECT_EQ(all, cost.total(counts));
  EXPECT_EQ(layers[3].matmuls[0].shape.depth, 3U) << "of a whole batch";
}

TEST(TrainingCost, TheLayersEnergiesAddUpToThatOfAllSteps) {
  const TrainingCost cost = cost_of(two_layers(), 8, 3);
  const StepCounts counts{4, 2};
  double layers = 0;
  for (const LayerCost& layer : cost.layers(counts)) {
    layers += cost.energy(layer.all)->count();
  }
  EXPECT_GT(layers, 0.0);
  EXPECT_NEAR(cost.energy(cost.total(counts))->count() / layers, 1.0, 1e-12);
}

TEST(TrainingCost, RefusesAnArrayThatCannotHoldItsOperands) {
  ArrayConfig config = array_of_floats();
  config.unified_buffer = Bytes(16);
  EXPECT_THROW(training_cost(network_steps(two_layers(), Loss::CrossEntropy, 6, 6), config,
                             *make_fast_device(config, {.data = false, .check_program = false})),
               InputError);
}

}  // namespace
}  // namespace systol
