#include "host/compile/constants.h"

#include <gtest/gtest.h>

#include <numeric>

namespace systol {
namespace {

using ImageBytes = std::vector<std::uint8_t>;

ArrayConfig array(std::uint32_t rows, std::uint32_t columns) {
  ArrayConfig config;
  config.rows = rows;
  config.columns = columns;
  config.accumulator_rows = 32;
  config.unified_buffer = Bytes(1 << 20);
  return config;
}

/// Weights 0, 1, 2, ... row by row; parameters that differ in every byte.
QuantMatMul counting_matmul(std::uint32_t inputs, std::uint32_t outputs) {
  QuantMatMul matmul;
  matmul.weights.resize(std::size_t{inputs} * outputs);
  std::iota(matmul.weights.begin(), matmul.weights.end(), std::int8_t{0});
  for (std::uint32_t n = 0; n < outputs; ++n) {
    matmul.bias.push_back(static_cast<std::int32_t>(0x80706050U + n));
    matmul.multiplier.push_back(static_cast<std::int32_t>(0x40302010U + n));
    matmul.shift.push_back(static_cast<std::uint8_t>(30 + n));
  }
  return matmul;
}

Step step_of(std::uint32_t inputs, std::uint32_t outputs) {
  Step step;
  step.inputs = inputs;
  step.outputs = outputs;
  return step;
}

/// A graph as far as a matmul's or a softmax's constants depend on it.
Graph one_node() {
  Graph graph;
  graph.nodes = {{"node", MatMul{}, {}, {}}};
  return graph;
}

/// `graph` holds the step's nodes only.
StepConstants append(const Step& step, const QuantGraph& graph, const ArrayConfig& config,
                     ImageBytes& image) {
  const StepConstants constants = place_constants(one_node(), step, {}, config, image.size());
  append_constants(step, graph, constants, image);
  EXPECT_EQ(constants.end, image.size());
  return constants;
}

StepConstants append(std::uint32_t inputs, std::uint32_t outputs, const ArrayConfig& config,
                     ImageBytes& image) {
  QuantGraph graph;
  graph.nodes = {counting_matmul(inputs, outputs)};
  return append(step_of(inputs, outputs), graph, config, image);
}

ImageBytes part(const ImageBytes& image, std::uint64_t first, std::size_t count) {
  const auto begin = image.begin() + static_cast<std::ptrdiff_t>(first);
  return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

TEST(Tiling, CutsTheLastTilesShort) {
  const Tiling tiling{10, 7, 4, 3};
  EXPECT_EQ(tiling.row_tiles(), 3U);
  EXPECT_EQ(tiling.column_tiles(), 3U);
  EXPECT_EQ(tiling.depth(1), 4U);
  EXPECT_EQ(tiling.depth(2), 2U);
  EXPECT_EQ(tiling.columns(1), 3U);
  EXPECT_EQ(tiling.columns(2), 1U);
}

TEST(Tiling, OfALayerSmallerThanTheArrayIsOneTile) {
  const Tiling tiling{2, 3, 256, 256};
  EXPECT_EQ(tiling.row_tiles(), 1U);
  EXPECT_EQ(tiling.column_tiles(), 1U);
  EXPECT_EQ(tiling.depth(0), 2U);
  EXPECT_EQ(tiling.columns(0), 3U);
}

TEST(Constants, TilesAreContiguousAndRowByRow) {
  // 3 x 5 weights on a 2 x 2 array:   0  1 |  2  3 |  4
  //                                   5  6 |  7  8 |  9
  //                                  -------------------
  //                                  10 11 | 12 13 | 14
  ImageBytes image{0xaa, 0xbb};  // of a step before
  const StepConstants constants = append(3, 5, array(2, 2), image);
  EXPECT_EQ(constants.tiles, 2U);
  EXPECT_EQ(part(image, constants.tile(0, 0), 4), (ImageBytes{0, 1, 5, 6}));
  EXPECT_EQ(part(image, constants.tile(1, 0), 2), (ImageBytes{10, 11}));
  EXPECT_EQ(part(image, constants.tile(0, 1), 4), (ImageBytes{2, 3, 7, 8}));
  EXPECT_EQ(part(image, constants.tile(1, 1), 2), (ImageBytes{12, 13}));
  EXPECT_EQ(part(image, constants.tile(0, 2), 2), (ImageBytes{4, 9}));
  EXPECT_EQ(part(image, constants.tile(1, 2), 1), (ImageBytes{14}));
  EXPECT_EQ(part(image, 0, 2), (ImageBytes{0xaa, 0xbb}));
}

TEST(Constants, ParametersAreNinePlanesPerColumnTile) {
  ImageBytes image;
  const StepConstants constants = append(1, 3, array(4, 2), image);
  EXPECT_EQ(constants.channels, 3U) << "after the weights";
  EXPECT_EQ(part(image, constants.channel_block(0), 18),
            (ImageBytes{0x50, 0x51, 0x60, 0x60, 0x70, 0x70, 0x80, 0x80,  // bias, lowest byte first
                        0x10, 0x11, 0x20, 0x20, 0x30, 0x30, 0x40, 0x40,  // multiplier
                        30, 31}));                                       // shift
  EXPECT_EQ(part(image, constants.channel_block(1), 9),
            (ImageBytes{0x52, 0x60, 0x70, 0x80, 0x12, 0x20, 0x30, 0x40, 32}));
  EXPECT_EQ(image.size(), 3U + 27U);
}

TEST(Constants, ATableFollowsWhereThereIsOne) {
  QuantMap map;
  map.table[3] = -7;
  QuantGraph graph;
  graph.nodes = {counting_matmul(1, 1), map};
  Step step = step_of(1, 1);
  step.table = true;
  step.functions = {1};
  ImageBytes image;
  const StepConstants constants = append(step, graph, array(4, 4), image);
  ASSERT_EQ(constants.table, 10U);
  EXPECT_FALSE(constants.softmax_table);
  EXPECT_EQ(image.size(), 266U);
  EXPECT_EQ(image[13], 0xf9);
  ImageBytes other;
  EXPECT_FALSE(append(1, 1, array(4, 4), other).table);
}

TEST(Constants, FunctionsAfterEachOtherAreOneTable) {
  QuantMap first;
  QuantMap second;
  first.table[200] = -100;  // of the value 72
  second.table[28] = 55;    // of the value -100
  QuantGraph graph;
  graph.nodes = {counting_matmul(1, 1), first, QuantView{}, second};
  Step step = step_of(1, 1);
  step.table = true;
  step.functions = {1, 2, 3};
  ImageBytes image;
  const StepConstants constants = append(step, graph, array(4, 4), image);
  EXPECT_EQ(image[*constants.table + 200], 55);
}

TEST(Constants, ASoftmaxHasItsTable) {
  QuantSoftmax softmax;
  softmax.table[1] = 0x1234;
  QuantGraph graph;
  graph.nodes = {softmax};
  Step step = step_of(3, 3);
  step.kind = StepKind::Softmax;
  ImageBytes image{0xaa};
  const StepConstants constants = append(step, graph, array(4, 4), image);
  ASSERT_EQ(constants.softmax_table, 1U);
  EXPECT_EQ(image.size(), 1U + 512U);
  EXPECT_EQ(image[3], 0x34) << "least significant byte first";
  EXPECT_EQ(image[4], 0x12);
}

TEST(Constants, InputStationaryTilesAreColumnByColumn) {
  ArrayConfig config = array(2, 2);
  config.dataflow = Dataflow::InputStationary;
  config.accumulator_rows = 4;  // half of them, so two outputs a tile
  ImageBytes image;
  const StepConstants constants = append(3, 5, config, image);
  EXPECT_EQ(constants.tiling.tile_columns, 2U);
  EXPECT_EQ(part(image, constants.tile(0, 0), 4), (ImageBytes{0, 5, 1, 6}));
  EXPECT_EQ(part(image, constants.tile(1, 0), 2), (ImageBytes{10, 11}));
  EXPECT_EQ(part(image, constants.tile(0, 2), 2), (ImageBytes{4, 9}));
  EXPECT_EQ(part(image, constants.tile(1, 2), 1), (ImageBytes{14}));
}

TEST(Constants, BlocksAreAsLargeAsTheDataflowLetsThem) {
  ArrayConfig config = array(4, 6);
  EXPECT_EQ(block_rows(config, 100), 16U);
  EXPECT_EQ(tile_outputs(config), 6U);
  config.dataflow = Dataflow::OutputStationary;
  EXPECT_EQ(block_rows(config, 100), 4U);
  EXPECT_EQ(block_rows(config, 3), 3U);
  EXPECT_EQ(tile_outputs(config), 6U);
  config.dataflow = Dataflow::InputStationary;
  EXPECT_EQ(block_rows(config, 100), 6U);
  EXPECT_EQ(tile_outputs(config), 16U);
  // A quarter of the buffer, twice: 1560 / 4 / (2 * (4 + 9)).
  config.unified_buffer = Bytes(1560);
  EXPECT_EQ(tile_outputs(config), 15U);
  // As many as leave a streamed row its room: (1300 - 1024 - 2 * 4) / (2 * (4 + 9 + 1)).
  config.unified_buffer = Bytes(1300);
  EXPECT_EQ(tile_outputs(config), 9U);
}

/// Least where 5 cycles of each command, 5 * rows / size, are as many as the rows that wait, size.
TEST(ActivatedRows, CostAsMuchInCommandsAsInWaiting) {
  const Tiling one{4, 8, 4, 4};
  ArrayConfig config = array(4, 4);
  EXPECT_EQ(activated_rows(config, one, 256), 256U);
  EXPECT_EQ(activated_rows(config, one, 320), 40U);
  EXPECT_EQ(activated_rows(config, one, 2000), 100U);
  EXPECT_EQ(activated_rows(config, Tiling{5, 8, 4, 4}, 2000), 2000U) << "two tiles a sum";
  config.tile_use = TileUse::Whole;
  EXPECT_EQ(activated_rows(config, one, 2000), 2000U);
  config = array(4, 4);
  config.dataflow = Dataflow::OutputStationary;
  EXPECT_EQ(activated_rows(config, one, 2000), 2000U);
}

}  // namespace
}  // namespace systol
