#include "host/session/run.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "host/compile/program.h"
#include "host/graph/text.h"
#include "host/import/model.h"
#include "host/import/sizes.h"
#include "host/import/workload.h"
#include "host/quantise/quantise.h"
#include "host/report/power_profile.h"
#include "host/session/record_wavefront.h"
#include "sim/base/error.h"
#include "sim/config/array_file.h"

namespace systol {
namespace {

const std::filesystem::path kConfigs = std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs";

class RunTest : public ::testing::Test {
 protected:
  ArrayConfig array_ = load_array_config(kConfigs / "edge_8x8.yaml");
  Prepared prepared_ = prepare(dense_from_sizes("19x13x6"), synthetic_samples(5));
};

TEST_F(RunTest, GivesOutputsCyclesAndAPassedCheck) {
  const RunReport report = run(prepared_, array_);
  EXPECT_TRUE(report.check.enabled);
  EXPECT_TRUE(report.check.passed());
  EXPECT_EQ(report.check.compared, 5U * 13 + 5 * 6 + 5 * 6);
  ASSERT_EQ(report.outputs.size(), 1U);
  const OutputValues& output = report.outputs.front();
  EXPECT_EQ(output.columns, 6U);
  const TensorId tensor = prepared_.graph().outputs.front();
  EXPECT_EQ(output.quantised, prepared_.expected().of(tensor));
  EXPECT_EQ(output.values, dequantise(output.quantised, prepared_.quantised()->of(tensor)));
  EXPECT_GT(report.cycles, Cycles(0));
  EXPECT_EQ(report.ledger.total(), report.cycles);
  ASSERT_EQ(report.nodes.size(), 2U);
  EXPECT_EQ(report.nodes[1].name, "dense_2");
  EXPECT_EQ(report.nodes[1].operation, "matmul");
  EXPECT_EQ(report.nodes[1].signal_to_noise,
            prepared_.signal_to_noise()[index_of(prepared_.graph().outputs[0])]);
}

TEST_F(RunTest, OnBothEnginesIsTheSame) {
  const RunReport fast = run(prepared_, array_);
  const RunReport clocked = run(prepared_, array_, ClockedEngine{ClockedUnit::SystemC, {}, {}});
  EXPECT_EQ(fast.cycles, clocked.cycles);
  EXPECT_EQ(fast.ledger, clocked.ledger);
  EXPECT_EQ(fast.activity, clocked.activity);
  EXPECT_EQ(fast.outputs.front().quantised, clocked.outputs.front().quantised);
  EXPECT_EQ(clocked.engine, "systemc");
  for (std::size_t i = 0; i < fast.nodes.size(); ++i) {
    EXPECT_EQ(fast.nodes[i].waits, clocked.nodes[i].waits);
    Cycles waits;
    for (const Cycles wait : clocked.nodes[i].waits) {
      waits += wait;
    }
    EXPECT_EQ(waits + clocked.nodes[i].ledger[CycleClass::ArrayActive],
              clocked.nodes[i].ledger.total());
  }
}

TEST_F(RunTest, UncheckedIsTheSameRunAndSaysThatItIsUnchecked) {
  RunOptions options;
  options.check = false;
  const RunReport checked = run(prepared_, array_);
  const RunReport unchecked = run(prepared_, array_, {}, options);
  EXPECT_FALSE(unchecked.check.enabled);
  EXPECT_EQ(unchecked.check.compared, 0U);
  EXPECT_EQ(unchecked.nodes[0].signal_to_noise, std::nullopt) << "it needs the reference";
  EXPECT_EQ(unchecked.outputs.front().values, checked.outputs.front().values);
  EXPECT_EQ(unchecked.cycles, checked.cycles);
}

TEST_F(RunTest, OfTimeOnlyTakesTheSameCyclesAndNeedsNoValues) {
  const RunReport whole = run(prepared_, array_);
  const RunReport time = run(prepared_, array_, FastEngine{.values = false});
  EXPECT_EQ(time.cycles, whole.cycles);
  EXPECT_EQ(time.ledger, whole.ledger);
  EXPECT_TRUE(time.outputs.empty());
  EXPECT_FALSE(time.check.enabled);
  const Prepared huge = prepare(dense_from_sizes("120000x65536"), synthetic_samples(1));
  const ArrayConfig large = load_array_config(kConfigs / "big_128x128.yaml");
  EXPECT_EQ(run(huge, large, FastEngine{.values = false}).activity[Action::MacsUseful],
            120'000U * 65'536ULL);
}

/// With the nodes that quantising adds: between a softmax and the product after it, after a
/// product with a bias, before a state's next value.
TEST_F(RunTest, OfTimeOnlyIsOfTheProgramThatComputes) {
  const std::string onnx = (kConfigs / "models" / "mnist_attention.onnx").string();
  std::vector<Graph> networks{
      import_model(onnx),
      graph_from_text("input x [3, 4]\nconstant b [3]\nnode y = matmul[transposed](x, x, b)\n"
                      "output y\n",
                      "bias"),
      graph_from_text("input x [4]\nstate s [4] next t\nnode t = sigmoid(x)\n"
                      "node y = add(s, x)\noutput y\n",
                      "state")};
  for (const char* layer :
       {"attention: {heads: 2, causal: true}", "attention: {heads: 2, cached: 7}",
        "attention: {heads: 4, kv_heads: 2, causal: true, cached: 2}",
        "lstm: {units: 5, stateful: true}", "gru: {units: 5}"}) {
    networks.push_back(parse_workload(
        fmt::format("name: n\ninput: {{shape: [4, 8], range: [-1, 1]}}\nlayers:\n  - {}\n", layer),
        "n.yaml"));
  }
  for (Graph& network : networks) {
    const Prepared prepared = prepare(std::move(network), synthetic_samples(2));
    const RunReport whole = run(prepared, array_, {}, {.check = false, .scores = false});
    const RunReport time = run(prepared, array_, FastEngine{.values = false});
    EXPECT_EQ(time.cycles, whole.cycles) << time.model;
    EXPECT_EQ(time.ledger, whole.ledger) << time.model;
    EXPECT_EQ(time.commands, whole.commands) << time.model;
    ASSERT_EQ(time.nodes.size(), whole.nodes.size()) << time.model;
    for (std::size_t i = 0; i < whole.nodes.size(); ++i) {
      EXPECT_EQ(time.nodes[i].name, whole.nodes[i].name);
      EXPECT_EQ(memory_bytes(time.nodes[i].activity), memory_bytes(whole.nodes[i].activity));
    }
  }
}

/// Whatever the engine counted: the windows have the energy of the report, bit by bit of operands.
TEST_F(RunTest, PowerOverTimeAddsUpToTheEnergyOfTheRun) {
  const EnergyTable table = load_energy_table(array_.energy);
  for (const bool values : {true, false}) {
    PowerProfile profile(array_, table, Cycles(100));
    RunOptions options;
    options.observers = {&profile};
    const RunReport report = run(prepared_, array_, FastEngine{.values = values}, options);
    const PowerOverTime power = profile.over_time(report);
    double joules = 0;
    for (std::size_t i = 0; i < power.average.size(); ++i) {
      const double cycles = std::min(
          100.0, static_cast<double>(report.cycles.count()) - 100.0 * static_cast<double>(i));
      joules += power.average[i].count() * cycles / static_cast<double>(array_.clock.count());
    }
    EXPECT_NEAR(joules * 1e12 / report.energy.total.count(), 1, 1e-9);
  }
}

TEST_F(RunTest, AFaultIsFoundInItsColumn) {
  const RunReport report =
      run(prepared_, array_, ClockedEngine{ClockedUnit::SystemC, {}, StuckBit{1, 2, 14}});
  EXPECT_FALSE(report.check.passed());
  ASSERT_TRUE(report.check.first_mismatch);
  EXPECT_EQ(report.check.first_mismatch->pe_column, 2U);
}

TEST_F(RunTest, WhatDoesNotFitTheBufferIsNamed) {
  EXPECT_FALSE(run(prepared_, array_).streamed);
  ArrayConfig small = array_;
  small.unified_buffer = Bytes(1'200);  // parameters, and one row of double-buffered tiles
  const RunReport report = run(prepare(dense_from_sizes("30x13x6"), synthetic_samples(5)), small);
  EXPECT_TRUE(report.streamed);
  EXPECT_EQ(report.spilled, (std::vector<std::string>{"dense_1"}));
  EXPECT_EQ(report.end_bytes, 5U * (30 + 6));
  EXPECT_TRUE(report.check.passed());
}

TEST_F(RunTest, ABatchOfNoSamplesIsRefused) {
  RunOptions options;
  options.batch = 0;
  EXPECT_THROW(run(prepared_, array_, {}, options), InputError);
}

TEST_F(RunTest, TimeIsKnownOfMoreSamplesThanAMemoryHolds) {
  const Prepared many = prepare(dense_from_sizes("20000x10"), synthetic_samples(1'000'000));
  EXPECT_EQ(run(many, load_array_config(kConfigs / "big_128x128.yaml"), FastEngine{.values = false})
                .activity[Action::MacsUseful],
            20'000ULL * 10 * 1'000'000);
}

TEST_F(RunTest, OnePreparedModelRunsOnManyArrays) {
  for (const char* file : {"edge_8x8.yaml", "edge_16x16.yaml", "big_128x128.yaml"}) {
    const ArrayConfig array = load_array_config(kConfigs / file);
    EXPECT_TRUE(run(prepared_, array).check.passed()) << file;
  }
}

TEST_F(RunTest, AnActivationOfTheWavefrontIsOnePeFurtherInTheNextCycle) {
  const Prepared one_tile = prepare(dense_from_sizes("8x8"), synthetic_samples(5));
  const Wavefront front =
      record_wavefront(one_tile, array_, std::nullopt, {"dense_1", TileRequest(std::uint64_t{0})});
  ASSERT_EQ(front.missing, "");
  ASSERT_EQ(Cycles(front.cycles.size()), front.to - front.from);
  int passed_on = 0;
  for (std::size_t t = 0; t + 1 < front.cycles.size(); ++t) {
    const WavefrontCycle& now = front.cycles[t];
    const WavefrontCycle& next = front.cycles[t + 1];
    for (std::size_t pe = 0; pe < std::size_t{8} * 8; ++pe) {
      if (pe % 8 == 7 || (now.marks[pe] & kActivationMark) == 0) {
        continue;
      }
      ++passed_on;
      ASSERT_NE(next.marks[pe + 1] & kActivationMark, 0) << "cycle " << t << ", PE " << pe;
      ASSERT_EQ(next.activations[pe + 1], now.activations[pe]) << "cycle " << t << ", PE " << pe;
    }
  }
  // 5 rows of activations, 8 rows of PEs, 7 steps; registers keep what no other value follows.
  EXPECT_GE(passed_on, 5 * 8 * 7);
}

TEST_F(RunTest, AWavefrontOfALayerThatThereIsNotIsRefused) {
  EXPECT_THROW(record_wavefront(prepared_, array_, std::nullopt, {"dense_3", std::nullopt}),
               WaveRequestError);
}

struct Cached {
  const char* layer;
  std::int64_t tokens;
  std::int64_t width;
  std::size_t samples;
  std::uint32_t rows;
  std::uint32_t columns;
  std::uint32_t accumulators;
  std::uint64_t buffer;
};

/// What is wider or narrower once it is shaped anew, and products whose columns are cut and grow
/// from sample to sample.
TEST_F(RunTest, CachedAttentionInBandsIsCheckedValueByValueWhereItBelongs) {
  for (const Cached& of :
       {Cached{"heads: 2, causal: true, cached: 7", 29, 28, 1, 16, 16, 512, 4'096},
        Cached{"heads: 1, head_size: 8, cached: 300", 2, 8, 2, 9, 1, 9, 2'048},
        Cached{"heads: 3, head_size: 8, cached: 1", 5, 24, 1, 3, 5, 7, 2'048}}) {
    array_.rows = of.rows;
    array_.columns = of.columns;
    array_.accumulator_rows = of.accumulators;
    array_.unified_buffer = Bytes(of.buffer);
    const std::string text = fmt::format(
        "name: f\ninput: {{shape: [{}, {}], range: [-1, 1]}}\nlayers:\n  - attention: {{name: a, "
        "{}}}\n",
        of.tokens, of.width, of.layer);
    Samples samples = synthetic_samples(of.samples);
    samples.calibrate_with = of.samples;
    const Prepared prepared = prepare(parse_workload(text, "f.yaml"), std::move(samples));
    RunOptions options;
    options.tensors = true;
    const RunReport report = run(prepared, array_, {}, options);
    ASSERT_FALSE(report.spilled.empty());
    EXPECT_TRUE(report.check.passed()) << of.layer;
    for (const TensorValues& tensor : report.tensors) {
      const auto& all = prepared.quantised()->graph->tensors;
      const auto id = std::ranges::find(all, tensor.name, &Tensor::name) - all.begin();
      EXPECT_TRUE(tensor.nodes.empty() ||
                  tensor.values == prepared.expected().of(static_cast<TensorId>(id)))
          << of.layer << ' ' << tensor.name;
    }
  }
}

}  // namespace
}  // namespace systol
