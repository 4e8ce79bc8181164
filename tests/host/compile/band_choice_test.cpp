#include "host/compile/band_choice.h"

#include <gtest/gtest.h>

#include <set>

#include "host/compile/product_bands.h"
#include "host/graph/text.h"
#include "host/import/synthetic.h"
#include "sim/fast/fast_device.h"
#include "sim/systemc/systemc_device.h"
#include "sim/unit/model_unit.h"
#include "tests/host/compile/checked_run.h"
#include "tests/host/compile/networks.h"

namespace systol::test {
namespace {

/// 8 output rows of 10 pixels, 4 x 3 tiles of 4 x 4; of the input each band reads a row more.
struct SmallLayer : BandedLayer {
  Tiling tiles{16, 12, 4, 4};
  SmallLayer() {
    extent = 8;
    matmul_rows = 10;
    tiling = &tiles;
    output_in_memory = true;
    input_bytes = [](std::uint64_t rows) { return 160 * (rows + 1); };
    input_traffic = [](std::uint64_t rows) { return 160 * (8 + (8 + rows - 1) / rows); };
  }
};

TEST(BandChoice, ABandTakesItsInputAndTheOutputOfItsColumns) {
  const SmallLayer layer;
  EXPECT_EQ(buffer_bytes(layer, {8, 3, 1, 1}), 160U * 9 + 80 * 12);
  EXPECT_EQ(buffer_bytes(layer, {2, 1, 2, 2}), 2 * (160U * 3 + 20 * 4));
}

TEST(BandChoice, TheCostIsTheMatmulsAndWhatNothingHides) {
  const SmallLayer layer;
  ArrayConfig config = array(4, 4);  // 16 bytes a cycle, 20 cycles of latency
  // 8 x 10 rows are 3 blocks, of 27, 27 and 26 of 32 accumulator rows. The first load takes 1440 /
  // 16 cycles, the last store 960 / 16.
  EXPECT_EQ(cost_of(layer, {8, 3, 1, 1}, config), Cycles(80 * 12 + 90 + 20 + 60 + 20));
  // Half as many rows, and the second band's load behind the first's matmuls.
  EXPECT_EQ(cost_of(layer, {4, 3, 2, 2}, config), Cycles(2 * 2 * 20 * 12 + 50 + 20 + 30 + 20));
  // With one area for each, every band waits for its load, and the next one for its store.
  EXPECT_EQ(cost_of(layer, {4, 3, 1, 1}, config), Cycles(2 * 2 * 20 * 12 + 2 * 70 + 2 * 50));
  config.memories.front().bandwidth.reset();
  EXPECT_EQ(cost_of(layer, {8, 3, 1, 1}, config), Cycles(80 * 12 + 20 + 20));
}

/// Two matrices of 4 rows, 8 x 12 values each, in 2 x 3 tiles of 4 x 4; all of it is in memory.
TEST(ProductBands, CostWhatMovesAndWhatIsFed) {
  const Tiling tiles{8, 12, 4, 4};
  MatrixInMemory matrix{2, 4, &tiles, true, true, true, false};
  EXPECT_EQ(matrix.bytes(2, 4), 2U * 8 + 4 * 8 + 2 * 4);
  const ArrayConfig config = array(4, 4);  // 16 bytes a cycle, a request 21 / 8 cycles
  const auto expect = [&](std::uint64_t bytes,
                          const std::vector<std::pair<BandShape, std::uint64_t>>& expected) {
    const std::vector<BandCandidate> found = product_candidates(matrix, config, bytes);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].shape, expected[i].first) << i;
      EXPECT_EQ(found[i].cost, Cycles(2 * expected[i].second)) << i;
    }
  };
  // A column tile at a time: 1 + 3 x 8 + 4 x 3 requests, and 6 tiles of 4 rows. Of two column tiles
  // two rows fit: 2 + 2 x 2 x 8 + 4 x 2 requests. With two areas one row of one tile does.
  expect(100, {{{4, 1, 1, 1}, 122}, {{2, 2, 1, 1}, 159}, {{1, 1, 2, 2}, 294}});
  matrix.transposed = true;  // 1 + 3 + 12 requests, 2 + 4 + 8, and 4 + 12 + 12 beside the matmuls
  expect(100, {{{4, 1, 1, 1}, 66}, {{2, 2, 1, 1}, 85}, {{1, 1, 2, 2}, 96}});
  expect(32 + 11, {});
}

TEST(BandChoice, TheCheapestThatFitsComesFirst) {
  const SmallLayer layer;
  const ArrayConfig config = array(4, 4);
  const auto candidates = band_candidates(layer, config, 2'000);
  ASSERT_FALSE(candidates.empty());
  EXPECT_TRUE(std::ranges::is_sorted(candidates, {}, &BandCandidate::cost));
  for (const BandCandidate& candidate : candidates) {
    EXPECT_LE(buffer_bytes(layer, candidate.shape), 2'000U);
    EXPECT_EQ(candidate.cost, cost_of(layer, candidate.shape, config));
  }
  EXPECT_TRUE(band_candidates(layer, config, 300).empty()) << "a row takes 320 bytes, and outputs";
}

TEST(BandChoice, TrafficIsInputsOutputsAndWeightsAsOftenAsTheyAreFetched) {
  const SmallLayer layer;
  const ArrayConfig config = array(4, 4);
  // Bands of 3, 3 and 2 rows of 10 pixels, in blocks of at most 32 rows of the accumulators.
  EXPECT_EQ(traffic_of(layer, {3, 3, 1, 1}, config), 160U * 11 + 80 * 12 + 3 * 16 * 12);
  // All 80 pixels are three blocks.
  EXPECT_EQ(traffic_of(layer, {8, 3, 1, 1}, config), 160U * 9 + 80 * 12 + 3 * 16 * 12);
}

TEST(BandChoice, MoreOfTheBufferNeverCostsTimeOrTraffic) {
  const SmallLayer layer;
  const ArrayConfig config = array(4, 4);
  Cycles cost(UINT64_MAX);
  std::uint64_t traffic = UINT64_MAX;
  for (std::uint64_t bytes = 360; bytes < 5'000; bytes += 20) {
    const BandShape shape = band_candidates(layer, config, bytes).front().shape;
    EXPECT_LE(cost_of(layer, shape, config), cost) << bytes;
    EXPECT_LE(traffic_of(layer, shape, config), traffic) << bytes;
    cost = cost_of(layer, shape, config);
    traffic = traffic_of(layer, shape, config);
  }
}

/// Weights of 64 x 64 values come once for each block of rows, and bands of one row are a block
/// each.
TEST(BandChoice, WhatMovesMuchLessAndTakesHardlyLongerIsTaken) {
  SmallLayer layer;
  layer.tiles = {64, 64, 4, 4};
  const ArrayConfig config = array(4, 4);
  const std::vector<BandCandidate> candidates = band_candidates(layer, config, 5'000);
  const BandShape chosen = candidates.front().shape;
  const BandShape faster{1, 16, 2, 2};
  EXPECT_GT(cost_of(layer, chosen, config), cost_of(layer, faster, config));
  EXPECT_LT(2 * traffic_of(layer, chosen, config), traffic_of(layer, faster, config));
}

TEST(BandChoice, SinglePixelsAreLoadedWhereThatIsFaster) {
  ArrayConfig config = array(4, 4);
  // 8 requests in flight: one takes 16 cycles of transfer, or (20 + 16) / 8 between two.
  EXPECT_TRUE(single_pixels_are_faster(49, 256, 4 * 49 * 256, config));
  config.memories.front().latency = Picoseconds(1'000'000);  // (1000 + 16) / 8 are more than 64
  EXPECT_FALSE(single_pixels_are_faster(49, 256, 4 * 49 * 256, config));
}

struct BandedMachine {
  const char* name;
  Dataflow dataflow;
  std::uint64_t buffer;
  std::string_view text;
};

/// The pixels that a stride leaves out are not loaded; outputs leave by groups of columns.
constexpr std::string_view kStrided = R"(
input x [11, 13, 20]
constant w [1, 1, 20, 18]
constant b [18]
node y = convolution[stride=2x3](x, w, b)
output y
)";
/// Nor is the last row's or a row's last, which no window reaches.
constexpr std::string_view kEven = R"(
input x [12, 14, 20]
constant w [1, 1, 20, 18]
constant b [18]
node y = convolution[stride=2x3](x, w, b)
output y
)";
constexpr std::string_view kWide = R"(
input x [7, 6, 5]
constant w [3, 3, 5, 70]
constant b [70]
node y = convolution[before=1x1, after=1x1](x, w, b)
node r = relu(y)
output r
)";

/// Two groups of 5 columns, each of which ends in a tile of one: some areas hold columns of both.
constexpr std::string_view kGrouped = R"(
input x [9, 7, 24]
constant w [3, 3, 12, 10]
constant b [10]
node y = convolution[before=1x1, after=1x1, groups=2](x, w, b)
output y
)";

class BandedEngines : public ::testing::TestWithParam<BandedMachine> {};

TEST_P(BandedEngines, EqualTheReference) {
  Graph graph = graph_from_text(GetParam().text, "network");
  graph.input_range = ValueRange{-1.0F, 1.0F};
  const Work work = work_of(std::move(graph), 3, 3);
  ArrayConfig config = array(5, 4, GetParam().buffer, 24);
  config.dataflow = GetParam().dataflow;
  const NetworkProgram program = work.program_for(config);
  const auto& bands = program.plan().step_areas.front().bands;
  ASSERT_TRUE(bands);
  const bool strided = GetParam().text == kStrided || GetParam().text == kEven;
  EXPECT_EQ(bands->single_pixels, strided);
  const bool groups_of_columns =
      GetParam().text == kWide ||
      (GetParam().text == kGrouped && GetParam().dataflow == Dataflow::WeightStationary);
  EXPECT_TRUE(bands->column_tiles > 0 || !groups_of_columns);
  const CheckedRun fast =
      checked_run(*make_fast_device(config, {}), program, *work.graph, work.input);
  EXPECT_TRUE(fast.check.passed())
      << fast.check.mismatches << " wrong, " << fast.check.missing << " missing";
  const CheckedRun clocked =
      checked_run(*make_systemc_device("systemc", config, make_model_unit, {}), program,
                  *work.graph, work.input);
  EXPECT_TRUE(clocked.check.passed());
  EXPECT_EQ(fast.outputs, clocked.outputs);
  EXPECT_EQ(fast.result.cycles, clocked.result.cycles);
}

INSTANTIATE_TEST_SUITE_P(
    All, BandedEngines,
    ::testing::Values(BandedMachine{"StridedWeights", Dataflow::WeightStationary, 2'500, kStrided},
                      BandedMachine{"StridedSums", Dataflow::OutputStationary, 2'500, kStrided},
                      BandedMachine{"StridedInputs", Dataflow::InputStationary, 2'500, kStrided},
                      BandedMachine{"StridedEven", Dataflow::WeightStationary, 2'500, kEven},
                      BandedMachine{"WideWeights", Dataflow::WeightStationary, 2'500, kWide},
                      BandedMachine{"WideSums", Dataflow::OutputStationary, 2'500, kWide},
                      BandedMachine{"WideInputs", Dataflow::InputStationary, 2'500, kWide},
                      BandedMachine{"GroupsWeights", Dataflow::WeightStationary, 1'700, kGrouped},
                      BandedMachine{"GroupsSums", Dataflow::OutputStationary, 1'700, kGrouped},
                      BandedMachine{"GroupsInputs", Dataflow::InputStationary, 1'700, kGrouped}),
    [](const auto& param) { return param.param.name; });

/// Pixels alone are loaded in bands of rows; in a smaller buffer, whose bands are parts of a row,
/// all that lie between them, too.
TEST(BandChoice, AStrideIsComputedWhateverIsCut) {
  Graph graph = graph_from_text(R"(
input x [12, 14, 100]
constant w [1, 1, 100, 18]
node y = convolution[stride=2x3](x, w)
output y
)",
                                "network");
  const Work work = work_of(std::move(graph), 1, 1);
  std::set<std::size_t> axes;
  for (std::uint64_t buffer = 1'400; buffer < 3'000; buffer += 100) {
    const ArrayConfig config = array(5, 4, buffer, 24);
    const NetworkProgram program = work.program_for(config);
    const Bands& bands = *program.plan().step_areas.front().bands;
    EXPECT_EQ(bands.single_pixels, bands.cut.axis == 0) << buffer;
    axes.insert(bands.cut.axis);
    EXPECT_TRUE(
        checked_run(*make_fast_device(config, {}), program, *work.graph, work.input).check.passed())
        << buffer;
  }
  EXPECT_EQ(axes, (std::set<std::size_t>{0, 1}));
}

/// Timing only, of one convolution.
struct Timed {
  Cycles cycles;
  std::uint64_t traffic = 0;         ///< bytes from and to memory
  std::uint64_t weight_traffic = 0;  ///< of tiles of weights
  std::uint64_t weights = 0;
  bool in_buffer = false;  ///< all tensors, whole
};

Timed timing_of(const std::shared_ptr<const Graph>& graph, const ArrayConfig& config) {
  const NetworkProgram program(graph, config, 1, 1);
  Timed timed;
  MemoryImage memory;
  const auto device = make_fast_device(config, {.data = false, .check_program = false});
  const RunResult result = device->run(*program.commands(), program.nodes(), memory, nullptr);
  timed.cycles = result.cycles;
  const auto commands = program.commands();
  isa::Command command;
  while (commands->next(command)) {
    if (const auto* load = std::get_if<isa::LoadWeights>(&command.operation)) {
      timed.weight_traffic += std::uint64_t{load->rows} * load->columns;
    } else if (const auto* in = std::get_if<isa::Load>(&command.operation)) {
      timed.traffic += in->memory.count() * in->piece_bytes;
    } else if (const auto* out = std::get_if<isa::Store>(&command.operation)) {
      timed.traffic += out->memory.count() * out->piece_bytes;
    }
  }
  timed.traffic += timed.weight_traffic;
  timed.weights = elements(graph->shape(graph->nodes.front().inputs[1]));
  timed.in_buffer = !program.plan().step_areas.front().bands;
  return timed;
}

std::shared_ptr<const Graph> random_convolution(SplitMix64& random) {
  const auto pick = [&](std::int64_t low, std::int64_t high) {
    return low +
           static_cast<std::int64_t>(random.next() % static_cast<std::uint64_t>(high - low + 1));
  };
  Graph graph;
  graph.name = "layer";
  const std::int64_t kernel = pick(0, 1) * 2 + 1;
  const std::int64_t channels = pick(1, 40);
  Convolution convolution;
  if (kernel > 1) {  // an image whose pixels a stride leaves out is loaded in part only in bands
    convolution.window.stride = {pick(1, 2), pick(1, 2)};
  }
  const TensorId input = graph.add_input("x", {pick(3, 24), pick(3, 24), channels});
  const TensorId weights = graph.add_constant("w", {kernel, kernel, channels, pick(1, 60)});
  graph.outputs = {graph.add_node("y", convolution, {input, weights})};
  return std::make_shared<const Graph>(std::move(graph));
}

class RandomLayers : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(RandomLayers, MoreMemoryNeverCosts) {
  SplitMix64 random(GetParam());
  const auto graph = random_convolution(random);
  const auto side = static_cast<std::uint32_t>(4 + random.next() % 13);
  const auto rows = static_cast<std::uint32_t>(32 + random.next() % 200);
  ArrayConfig config = array(side, side, 6'000 + random.next() % 20'000, rows);
  const Timed first = timing_of(graph, config);
  for (const std::uint64_t gigabytes : {24U, 32U, 64U}) {
    ArrayConfig wider = config;
    wider.memories.front().bandwidth = BytesPerSecond(gigabytes * 1'000'000'000);
    EXPECT_LE(timing_of(graph, wider).cycles, first.cycles) << gigabytes << " GB/s";
  }
  ArrayConfig larger = config;
  for (const std::uint64_t times : {2U, 4U}) {
    larger.unified_buffer = Bytes(config.unified_buffer.count() * times);
    EXPECT_LE(timing_of(graph, larger).traffic, first.traffic) << times << " times the buffer";
  }
  larger.unified_buffer = Bytes(1 << 20);
  larger.accumulator_rows = 2 * 24 * 24;
  const Timed whole = timing_of(graph, larger);
  EXPECT_TRUE(whole.in_buffer);
  EXPECT_EQ(whole.weight_traffic, whole.weights) << "each weight is fetched once";
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomLayers, ::testing::Range<std::uint64_t>(0, 100));
// Two blocks of weights for bands of three rows and one for those of two; an image whose last rows
// or columns no window reads.
INSTANTIATE_TEST_SUITE_P(Found, RandomLayers, ::testing::Values(1891, 2100, 2660, 3154));
// What the estimate took for faster with more bandwidth was slower, by up to a quarter.
INSTANTIATE_TEST_SUITE_P(Misjudged, RandomLayers,
                         ::testing::Values(329, 717, 722, 980, 998, 1262, 1488, 3327));
// The fastest plan for twice the buffer moved more, by up to 39 %.
INSTANTIATE_TEST_SUITE_P(Greedy, RandomLayers, ::testing::Values(500, 1259, 2777, 3477, 4768));

}  // namespace
}  // namespace systol::test
