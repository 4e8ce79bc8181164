// Times and traffic of commands by hw/TIMING.md, worked out by hand for an array of 4 x 5.
#include "sim/timed_command.h"

#include <gtest/gtest.h>

namespace systol {
namespace {

using Kind = TimedCommand::Kind;

ArrayConfig array() {
  ArrayConfig config;
  config.rows = 4;
  config.columns = 5;
  return config;
}

TimedCommand timed(const isa::Operation& operation, const ArrayConfig& config = array()) {
  return timed_command({operation, {}, {}, {}}, config);
}

isa::Walk rows(std::uint64_t count) { return {0, count, 8}; }

TEST(TimedCommand, KeepsWhatItWaitsForAndBelongsTo) {
  isa::Command command{isa::SetTable{}, {}, {}, {}};
  command.wait.add(isa::Unit::Load);
  command.signal.add(isa::Unit::Vector);
  command.origin.node = 7;
  const TimedCommand timed = timed_command(command, array());
  EXPECT_EQ(timed.unit, isa::Unit::Activate);
  EXPECT_EQ(timed.wait, command.wait);
  EXPECT_EQ(timed.signal, command.signal);
  EXPECT_EQ(timed.node, 7U);
  EXPECT_EQ(timed.operation, nullptr);
}

TEST(TimedCommand, OfATransferIsARequestOfItsBytes) {
  isa::Load load;
  load.memory = rows(7);
  load.piece_bytes = 3;
  const TimedCommand loaded = timed(load);
  EXPECT_EQ(loaded.kind, Kind::Request);
  EXPECT_EQ(loaded.unit, isa::Unit::Load);
  EXPECT_EQ(loaded.space, isa::Space::Activations);
  EXPECT_EQ(loaded.bytes, Bytes(21));
  EXPECT_EQ(loaded.busy, Cycles(1));
  isa::Store store;
  store.memory = rows(2);
  store.piece_bytes = 5;
  EXPECT_EQ(timed(store).unit, isa::Unit::Store);
  EXPECT_EQ(timed(store).bytes, Bytes(10));
}

TEST(TimedCommand, OfWeightsIsTheirTileOrAWholeOne) {
  const isa::LoadWeights weights{isa::Space::Weights, 0, 3, 2};
  ArrayConfig config = array();
  config.tile_fetch = TileFetch::Whole;
  EXPECT_EQ(timed(weights, config).bytes, Bytes(20));
  config.tile_fetch = TileFetch::Filled;
  EXPECT_EQ(timed(weights, config).bytes, Bytes(6));
  config.pe = isa::PeType::Bf16;
  EXPECT_EQ(timed(weights, config).bytes, Bytes(12));
  EXPECT_EQ(timed(weights, config).unit, isa::Unit::Weights);
  EXPECT_EQ(timed(weights, config).space, isa::Space::Weights);
}

TEST(TimedCommand, OfATileIsARowACycle) {
  isa::LoadTile tile;
  tile.buffer = rows(6);
  tile.depth = 4;
  tile.segments = 2;
  EXPECT_EQ(timed(tile).kind, Kind::LoadTile);
  EXPECT_EQ(timed(tile).busy, Cycles(3)) << "six pieces, two a row";
  tile.transposed = true;
  EXPECT_EQ(timed(tile).busy, Cycles(4));
}

TEST(TimedCommand, OfAProductIsItsFeed) {
  const isa::Matmul matmul{rows(9), 4, 5, 11, true, true};
  const TimedCommand stationary = timed(matmul);
  EXPECT_EQ(stationary.kind, Kind::Matmul);
  EXPECT_EQ(stationary.busy, Cycles(9));
  EXPECT_EQ(stationary.accumulator, 11U);
  EXPECT_TRUE(stationary.add);
  EXPECT_TRUE(stationary.reuse);
  isa::MatmulOutputStationary product;
  product.buffer = rows(3);
  product.depth = 13;
  product.drain = true;
  EXPECT_EQ(timed(product).kind, Kind::OutputStationary);
  EXPECT_EQ(timed(product).busy, Cycles(13)) << "its depth, not its rows";
  EXPECT_TRUE(timed(product).drain);
  EXPECT_FALSE(timed(matmul).drain);
}

TEST(TimedCommand, OfTheActivationPathIsItsRowsAndTheWay) {
  isa::Activate activate;
  activate.buffer = rows(9);
  EXPECT_EQ(timed(activate).kind, Kind::Other);
  EXPECT_EQ(timed(activate).busy, Cycles(9 + 5));
  isa::ActivateAdd add;
  add.buffer = rows(9);
  EXPECT_EQ(timed(add).busy, Cycles(9 + 7));
  EXPECT_EQ(timed(isa::SetTable{}).busy, Cycles(52)) << "256 entries, 5 a cycle";
  EXPECT_EQ(timed(isa::SetChannels{}).busy, Cycles(9)) << "planes";
}

TEST(TimedCommand, OfTheVectorUnitIsItsPasses) {
  isa::Softmax softmax;
  softmax.columns = 11;
  softmax.source = rows(2);
  EXPECT_EQ(timed(softmax).unit, isa::Unit::Vector);
  EXPECT_EQ(timed(softmax).busy, Cycles(2 * (3 * 3 + 40)));
}

}  // namespace
}  // namespace systol
