#include "host/report/buffer_occupancy.h"

#include <gtest/gtest.h>

namespace systol {
namespace {

using Occupancy = std::vector<std::pair<Cycles, std::int64_t>>;

/// `pieces` pieces of `bytes`, 16 bytes apart.
template <class Transfer>
Transfer transfer(std::uint64_t buffer, std::uint64_t pieces, std::uint64_t bytes) {
  Transfer transfer;
  transfer.buffer = {buffer, pieces, 16};
  transfer.piece_bytes = bytes;
  return transfer;
}
isa::Load load(std::uint64_t buffer, std::uint64_t pieces = 4, std::uint64_t bytes = 8) {
  return transfer<isa::Load>(buffer, pieces, bytes);
}

/// What 32 loaded bytes, there from cycle 10 on, and the command after them, which ends in cycle
/// 30, have in use.
Occupancy after_load(const isa::Operation& operation, std::uint64_t buffer = 0) {
  BufferOccupancy occupancy(isa::PeType::Int8);
  occupancy.add(load(buffer), Cycles(10));
  occupancy.add(operation, Cycles(30));
  return occupancy.finish();
}
Occupancy from_10_to_30(std::int64_t bytes) { return {{Cycles(10), bytes}, {Cycles(30), 0}}; }

TEST(BufferOccupancy, BytesCountFromTheirWriterToTheirReader) {
  EXPECT_EQ(after_load(transfer<isa::Store>(0, 4, 8)), from_10_to_30(32));
  EXPECT_EQ(after_load(transfer<isa::Store>(4, 2, 8)), from_10_to_30(8)) << "two halves of a row";
  EXPECT_EQ(after_load(transfer<isa::Store>(8, 4, 8)), Occupancy{}) << "between the rows";
}

TEST(BufferOccupancy, MatmulsReadARowPerSample) {
  isa::Matmul matmul;
  matmul.buffer = {0, 3, 16};
  matmul.depth = 5;
  EXPECT_EQ(after_load(matmul), from_10_to_30(15));
  isa::MatmulOutputStationary output_stationary;
  output_stationary.buffer = {0, 3, 16};
  output_stationary.depth = 5;
  EXPECT_EQ(after_load(output_stationary), from_10_to_30(15));
}

TEST(BufferOccupancy, ALoadedTileReadsAColumnPerSample) {
  isa::LoadTile tile;
  tile.buffer = {0, 2, 16};
  tile.depth = 5;
  EXPECT_EQ(after_load(tile), from_10_to_30(10));
}

TEST(BufferOccupancy, ATransposedActivationReadsNineBytesPerRowAndWritesARowPerColumn) {
  isa::ActivateTransposed activate;
  activate.rows = 2;
  activate.channels = 256;
  activate.buffer = {0, 3, 16};
  // Of 18 bytes of parameters, eight and two have been loaded.
  EXPECT_EQ(after_load(activate, 256), from_10_to_30(10));
  BufferOccupancy occupancy(isa::PeType::Int8);
  occupancy.add(activate, Cycles(10));
  occupancy.add(transfer<isa::Store>(0, 4, 8), Cycles(30));
  EXPECT_EQ(occupancy.finish(), from_10_to_30(6));
}

TEST(BufferOccupancy, ParametersTablesAndSoftmaxAreReaders) {
  EXPECT_EQ(after_load(isa::SetChannels{0, 4}), from_10_to_30(8 + 8 + 4)) << "36 bytes";
  EXPECT_EQ(after_load(isa::SetTable{0}), from_10_to_30(32));
  EXPECT_EQ(after_load(isa::Softmax{{0, 2, 16}, {2048, 2, 16}, 1024, 6}), from_10_to_30(12));
  EXPECT_EQ(after_load(isa::Softmax{{512, 2, 16}, {2048, 2, 16}, 1024, 6}, 1024), from_10_to_30(32))
      << "its table";
}

TEST(BufferOccupancy, WhatIsWrittenAgainWasInUseUntilItsLastReader) {
  BufferOccupancy occupancy(isa::PeType::Int8);
  occupancy.add(load(0, 1, 8), Cycles(10));
  occupancy.add(transfer<isa::Store>(0, 1, 8), Cycles(20));
  occupancy.add(transfer<isa::Store>(0, 1, 8), Cycles(25));
  occupancy.add(load(0, 1, 8), Cycles(40));
  occupancy.add(transfer<isa::Store>(0, 1, 4), Cycles(50));
  EXPECT_EQ(occupancy.finish(),
            (Occupancy{{Cycles(10), 8}, {Cycles(25), 0}, {Cycles(40), 4}, {Cycles(50), 0}}));
}

TEST(BufferOccupancy, WhatNobodyReadsIsNotInUse) {
  BufferOccupancy occupancy(isa::PeType::Int8);
  occupancy.add(load(0), Cycles(10));
  EXPECT_EQ(occupancy.finish(), Occupancy{});
}

}  // namespace
}  // namespace systol
