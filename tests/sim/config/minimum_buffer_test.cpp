#include "sim/config/minimum_buffer.h"

#include <gtest/gtest.h>

namespace systol {
namespace {

ArrayConfig machine(std::uint32_t rows, std::uint32_t columns, Dataflow dataflow,
                    std::uint64_t buffer = 0) {
  ArrayConfig config;
  config.rows = rows;
  config.columns = columns;
  config.dataflow = dataflow;
  config.accumulator_rows = 512;
  config.unified_buffer = Bytes(buffer);
  return config;
}

TEST(MinimumBuffer, HasTablesParametersAndOneRow) {
  // Two tables of 256 and softmax's of 512 bytes; nine bytes a column and one row in and out,
  // twice.
  for (const Dataflow dataflow : {Dataflow::WeightStationary, Dataflow::OutputStationary}) {
    EXPECT_EQ(minimum_buffer(machine(8, 8, dataflow)), Bytes(1024 + 2 * 9 * 8 + 2 * (8 + 8)));
    EXPECT_EQ(minimum_buffer(machine(1, 3, dataflow)), Bytes(1024 + 2 * 9 * 3 + 2 * (1 + 3)));
  }
  // The smallest tile has one output, with nine bytes and a weight for each row.
  EXPECT_EQ(minimum_buffer(machine(8, 5, Dataflow::InputStationary)),
            Bytes(1024 + 2 * (9 + 8) + 2 * (8 + 1)));
}

TEST(MinimumBuffer, IsEnoughForTheTilesThatAreTaken) {
  for (const Dataflow dataflow :
       {Dataflow::WeightStationary, Dataflow::OutputStationary, Dataflow::InputStationary}) {
    for (const std::uint32_t rows : {1U, 2U, 7U, 64U, 1024U}) {
      const std::uint64_t least = minimum_buffer(machine(rows, 5, dataflow)).count();
      for (std::uint64_t buffer = least; buffer < 4 * least; buffer += 1 + buffer / 50) {
        const ArrayConfig config = machine(rows, 5, dataflow, buffer);
        EXPECT_LE(reserved_bytes(config) + streamed_row_bytes(config), buffer)
            << rows << " rows, " << buffer << " bytes";
      }
    }
  }
}

TEST(TileOutputs, AreWhatTheColumnsOrTheAccumulatorsAndTheBufferHold) {
  EXPECT_EQ(tile_outputs(machine(8, 5, Dataflow::WeightStationary, 65536)), 5U);
  // Half of 512 accumulator rows; a quarter of the buffer has 481 outputs of 2 * (8 + 9) bytes.
  EXPECT_EQ(tile_outputs(machine(8, 5, Dataflow::InputStationary, 65536)), 256U);
  EXPECT_EQ(tile_outputs(machine(8, 5, Dataflow::InputStationary, 16384)), 16384U / 4 / 34);
  // The tables take most of a small buffer: (1200 - 1024 - 2 * 8) / (2 * (8 + 9 + 1)).
  EXPECT_EQ(tile_outputs(machine(8, 5, Dataflow::InputStationary, 1200)), 4U);
}

}  // namespace
}  // namespace systol
