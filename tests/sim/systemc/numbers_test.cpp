// That the machine computes what a program says, seen in the memory that it leaves.
#include <gtest/gtest.h>

#include <random>

#include "tests/sim/systemc/small_machine.h"

namespace systol::test {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// Nine planes: no bias, times 2^30, shifted back by `shift`.
Bytes channel_planes(std::uint32_t columns, std::uint8_t shift) {
  Bytes planes(std::size_t{9} * columns);
  std::fill_n(planes.begin() + 7 * columns, columns, std::uint8_t{0x40});
  std::fill_n(planes.begin() + 8 * columns, columns, shift);
  return planes;
}

std::vector<std::int8_t> stored(const Outcome& outcome, std::size_t address, std::size_t count) {
  const auto bytes = outcome.memory.space(Space::Activations).subspan(address, count);
  return {bytes.begin(), bytes.end()};
}

/// Loads the parameters and two rows of two values, multiplies by [[1, 2], [3, 4]] and stores.
Script two_by_two() {
  Script script;
  script.put(Space::Weights, 0, {1, 2, 3, 4});
  script.put(Space::Weights, 64, channel_planes(2, 30));
  script.put(Space::Activations, 0, {5, 6, 0xff, 10});
  script(load(18, 7000, Space::Weights, 64), {.signal = {Unit::Activate}})(
      load(4), {.signal = {Unit::Matrix}})(tile(2, 2))(isa::SetChannels{7000, 2},
                                                       {.wait = {Unit::Load}});
  script(matmul(2, {.depth = 2, .columns = 2}), {.wait = {Unit::Load}, .signal = {Unit::Activate}})(
      activate(2, 256, 0, 2), {.wait = {Unit::Matrix}, .signal = {Unit::Store}})(
      store(4, 256, 512), {.wait = {Unit::Activate}});
  return script;
}

TEST(Numbers, AMatmulIsTheProductOfRowsAndTile) {
  const Outcome outcome = run(two_by_two());
  EXPECT_EQ(stored(outcome, 512, 4), (std::vector<std::int8_t>{23, 34, 29, 38}));
  EXPECT_EQ(outcome.rows, (std::vector<std::vector<std::int8_t>>{{23, 34}, {29, 38}}))
      << "as the observer sees them";
}

TEST(Numbers, APartOfTheArrayThatNoTileFillsAddsNothing) {
  // The whole array held 127s before; the 2x2 tile brings zeros for the rest.
  Script script;
  script.put(Space::Weights, 1000, Bytes(16, 127));
  script(tile(4, 4, 1000))(matmul(1, {.buffer = 5000}));
  const Script rest = two_by_two();
  for (const isa::Segment& segment : rest.program.image) {
    script.program.image.push_back(segment);
  }
  for (const isa::Command& command : rest.program.commands) {
    script.program.commands.push_back(command);
  }
  EXPECT_EQ(stored(run(script), 512, 4), (std::vector<std::int8_t>{23, 34, 29, 38}));
}

TEST(Numbers, TheRequantisationClampsAndLooksUp) {
  Script script = two_by_two();
  auto& command = std::get<isa::Activate>(script.program.commands[5].operation);
  command.requantisation.zero_point = 7;
  command.requantisation.minimum = 31;
  command.requantisation.maximum = 40;
  EXPECT_EQ(stored(run(script), 512, 4), (std::vector<std::int8_t>{31, 40, 36, 40}));
}

/// The sums are 23, 34 and 29, 38, of which the last is clamped; the residual is the activations 5,
/// 6 and -1, 10.
TEST(Numbers, AResidualIsAddedToRequantisedSums) {
  Script script = two_by_two();
  isa::ActivateAdd add = activate_add(2, 256, 0, 2);
  add.addition = {1, -128, 35, 3, -2, -5, 2};
  add.requantisation = {7, -9, 27, false};
  script.program.commands[5].operation = add;
  // ((q + 1 - 1) * 3 - (r + 2) * 5 + 2) >> 2, plus 7, for q + 1 of 24, 35, 30, 35 (not 39).
  EXPECT_EQ(stored(run(script), 512, 4),
            (std::vector<std::int8_t>{(69 - 35 + 2) / 4 + 7, (102 - 40 + 2) / 4 + 7, 27,
                                      (102 - 60 + 2) / 4 + 7}));
}

TEST(Numbers, WalksOfNestedLoopsGoWhereTheySay) {
  // Pixels of two channels in rows of four, of which a window of 2 x 2 is multiplied by the unit
  // matrix, and its rows are written from the right to the left column of 2 x 2 places.
  Script script;
  script.put(Space::Weights, 0, {1, 0, 0, 1});
  script.put(Space::Weights, 64, channel_planes(2, 30));
  script.put(Space::Activations, 0,
             {1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16, 17, 18, 21, 22, 23, 24});
  script(load(18, 7000, Space::Weights, 64), {.signal = {Unit::Activate}})(
      load(20), {.signal = {Unit::Matrix}})(isa::SetChannels{7000, 2}, {.wait = {Unit::Load}});
  const isa::Walk window(2, {{2, 8}, {2, 2}});
  const isa::Walk columns(512, {{2, 2}, {2, 4}});
  script(tile(2, 2))(isa::Matmul{window, 2, 2, 0, false, false},
                     {.wait = {Unit::Load}, .signal = {Unit::Activate}});
  script(isa::Activate{0, 2, columns, {}}, {.wait = {Unit::Matrix}, .signal = {Unit::Store}});
  script(isa::Store{{Space::Activations, {2048, 4, 2}, columns, 2}}, {.wait = {Unit::Activate}});
  const Outcome outcome = run(script);
  EXPECT_EQ(outcome.rows,
            (std::vector<std::vector<std::int8_t>>{{3, 4}, {5, 6}, {13, 14}, {15, 16}}));
  const auto stored = outcome.memory.space(Space::Activations).subspan(2048, 8);
  EXPECT_EQ((std::vector<std::uint8_t>{stored.begin(), stored.end()}),
            (std::vector<std::uint8_t>{3, 4, 5, 6, 13, 14, 15, 16}));
}

/// Batch 1 over several tiles into one accumulator row, where each addition follows the last as
/// closely as it may, on arrays of any height.
TEST(Numbers, BatchOneAccumulatesOverTilesExactly) {
  std::mt19937 random(5);
  for (const std::uint32_t rows : {1U, 2U, 3U, 4U}) {
    constexpr std::uint32_t kTiles = 6;
    Script script;
    Bytes weights(kTiles * rows * 2);
    Bytes inputs(kTiles * rows);
    for (std::uint8_t& value : weights) {
      value = static_cast<std::uint8_t>(random());
    }
    for (std::uint8_t& value : inputs) {
      value = static_cast<std::uint8_t>(random());
    }
    std::int32_t sums[2] = {};
    for (std::uint32_t k = 0; k < kTiles * rows; ++k) {
      for (std::uint32_t n = 0; n < 2; ++n) {
        sums[n] +=
            static_cast<std::int8_t>(inputs[k]) * static_cast<std::int8_t>(weights[2 * k + n]);
      }
    }
    script.put(Space::Weights, 0, weights);
    script.put(Space::Weights, 1000, channel_planes(2, 40));  // divides by 1024
    script.put(Space::Activations, 0, inputs);
    script(load(18, 7000, Space::Weights, 1000), {.signal = {Unit::Activate}})(
        load(inputs.size()), {.signal = {Unit::Matrix}})(isa::SetChannels{7000, 2},
                                                         {.wait = {Unit::Load}});
    for (std::uint32_t i = 0; i < kTiles; ++i) {
      script(tile(rows, 2, std::uint64_t{i} * rows * 2))(
          matmul(1, {.add = i > 0, .buffer = std::uint64_t{i} * rows, .depth = rows, .columns = 2}),
          {.wait = i == 0 ? UnitSet{Unit::Load} : UnitSet{},
           .signal = i + 1 == kTiles ? UnitSet{Unit::Activate} : UnitSet{}});
    }
    script(activate(1, 256, 0, 2), {.wait = {Unit::Matrix}, .signal = {Unit::Store}})(
        store(2, 256, 512), {.wait = {Unit::Activate}});
    ArrayConfig config = small_array(rows, 2);
    config.weight_fifo_tiles = 8;
    const auto expected = [&](std::int32_t sum) {
      return static_cast<std::int8_t>((sum + 512) >> 10);
    };
    EXPECT_EQ(stored(run(script, config), 512, 2),
              (std::vector<std::int8_t>{expected(sums[0]), expected(sums[1])}))
        << rows << " rows";
  }
}

TEST(Numbers, AStuckBitChangesTheResult) {
  const Script script = two_by_two();
  const ArrayConfig config = small_array();
  const auto result_with = [&](std::optional<StuckBit> fault) {
    Outcome outcome;
    outcome.memory = MemoryImage(script.program);
    CommandList commands(script.program.commands);
    make_systemc_device("systemc", config, make_model_unit, {std::nullopt, fault})
        ->run(commands, script.program.nodes, outcome.memory, nullptr);
    return stored(outcome, 512, 4);
  };
  EXPECT_EQ(result_with(std::nullopt), (std::vector<std::int8_t>{23, 34, 29, 38}));
  // Bit 6 of PE (1, 0): its sums are 23 and 29.
  EXPECT_EQ(result_with(StuckBit{1, 0, 6}), (std::vector<std::int8_t>{23 + 64, 34, 29 + 64, 38}));
  // A column that the tile does not use.
  EXPECT_EQ(result_with(StuckBit{1, 3, 6}), (std::vector<std::int8_t>{23, 34, 29, 38}));
}

}  // namespace
}  // namespace systol::test
