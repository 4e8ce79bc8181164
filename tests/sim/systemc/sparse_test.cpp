// An array of sparse weights, on the SystemC and the fast engine: values, counts and refusals.
#include "tests/sim/systemc/small_machine.h"

namespace systol::test {
namespace {

using enum Action;

ArrayConfig sparse_array() {
  ArrayConfig config = small_array();
  config.pe = isa::PeType::Sparse24;
  return config;
}

/// Of the first group column 0 keeps 2 at place 0 and -3 at 3, column 1 keeps 5 at 1; of the second
/// column 0 keeps 1 at place 2, column 1 keeps -1 at 0 and 7 at 1. Rows: weights, then indices.
const std::vector<std::uint8_t> kTile = {2, 5, 0x4, 0xfd, 0, 0x3, 1, 0xff, 0x2, 0, 7, 0x4};

Script product(const isa::Matmul& matmul) {
  Script script;
  script.program.pe = isa::PeType::Sparse24;
  script.put(Space::Activations, 0, {1, 2, 3, 4, 5, 6, 7, 10, 0, 0xff, 0xfe, 0, 3, 0});
  script.put(Space::Weights, 0, kTile);
  std::vector<std::uint8_t> planes(18);
  isa::write_channel({0, 1U << 30U, 30}, planes.data(), 2, 0);
  isa::write_channel({0, 1U << 30U, 30}, planes.data(), 2, 1);
  script.put(Space::Weights, 64, planes);
  script(load(18, 8000, Space::Weights, 64), {{}, {Unit::Activate}});
  script(load(14), {{}, {Unit::Matrix}});
  script(tile(4, 2));
  script(channels(2), {{Unit::Load}, {}});
  script(matmul, {{Unit::Load}, {Unit::Activate}});
  script(activate(matmul.rows(), 100, 0, 2), {{Unit::Matrix}, {}});
  return script;
}

TEST(SparseWeights, EachMeetsTheActivationThatItsIndexNames) {
  const Outcome outcome = run(product({{0, 2, 7}, 7, 2, 0, false, false}), sparse_array());
  ASSERT_EQ(outcome.error, "");
  const std::vector<std::vector<std::int8_t>> expected = {
      {2 * 1 - 3 * 4 + 1 * 7, 5 * 2 - 1 * 5 + 7 * 6}, {2 * 10 + 3 * 2, 7 * 3}};
  EXPECT_EQ(outcome.rows, expected);
}

TEST(SparseWeights, FedDepthIsCountedInTheArrayAndLogicalDepthInTheBuffer) {
  const Outcome outcome = run(product({{0, 2, 7}, 7, 2, 0, false, false}), sparse_array());
  const Activity& counts = outcome.result.nodes.front().activity;
  EXPECT_EQ(counts[MacsUseful], 2U * 4 * 2);  // seven values are two groups, on four PE rows
  EXPECT_EQ(counts[MacsUnused], 2U * (16 - 8));
  EXPECT_EQ(counts[MacsZero], 16U - 6 - 3);
  EXPECT_EQ(counts[FedRows], 2U);
  EXPECT_EQ(counts[BufferReadBytes], 2U * 7 + 18);
  EXPECT_EQ(counts[FifoWriteBytes], 4U * (2 + 1));
  EXPECT_EQ(counts[FifoReadBytes], 4U * (2 + 1));
  EXPECT_EQ(counts[WeightsReadBytes], 4U * (2 + 1) + 18);
}

TEST(SparseWeights, TimeIsThatOfThePeRows) {
  const Outcome sparse = run(product({{0, 2, 7}, 7, 2, 0, false, false}), sparse_array());
  EXPECT_EQ(sparse.at(4).end - sparse.at(4).start, 2U + 4 + 4);  // M + R + C
}

TEST(SparseWeights, ASegmentBeginsWithAGroupOfItsOwn) {
  // 1 2 3, and 5 6 7: place 3 of the first group, which -3 is for, is empty.
  const Outcome outcome = run(product({{0, 2, 4}, 6, 2, 0, false, false, 2}), sparse_array());
  ASSERT_EQ(outcome.error, "");
  const std::vector<std::vector<std::int8_t>> expected = {{2 * 1 + 1 * 7, 5 * 2 - 1 * 5 + 7 * 6}};
  EXPECT_EQ(outcome.rows, expected);
}

TEST(SparseWeights, AnIndexBeyondTheDepthMeetsZero) {
  const Outcome outcome = run(product({{0, 2, 7}, 6, 2, 0, false, false}), sparse_array());
  const std::vector<std::vector<std::int8_t>> expected = {{2 * 1 - 3 * 4, 5 * 2 - 1 * 5 + 7 * 6},
                                                          {2 * 10 + 3 * 2, 7 * 3}};
  EXPECT_EQ(outcome.rows, expected);
}

TEST(SparseWeights, RowsOfATileComeInPairs) {
  Script script;
  script.program.pe = isa::PeType::Sparse24;
  script(tile(3, 2));
  EXPECT_NE(run(script, sparse_array())
                .error.find("rows is 3; a tile of 'sparse24' weights has two rows for each group"),
            std::string::npos);
}

TEST(SparseWeights, ADepthOfMorePeRowsThanThereAreIsRefused) {
  EXPECT_NE(run(product({{0, 2, 7}, 9, 2, 0, false, false}), sparse_array())
                .error.find("depth is 9, which takes 6 PE rows; the array has 4"),
            std::string::npos);
  EXPECT_NE(run(product({{0, 6, 3}, 9, 2, 0, false, false, 3}), sparse_array())
                .error.find("depth is 9, which takes 6 PE rows; the array has 4"),
            std::string::npos);
}

TEST(SparseWeights, ATileFromTheBufferHasNoIndices) {
  Script script;
  script.program.pe = isa::PeType::Sparse24;
  script(load_tile(4, 4));
  EXPECT_NE(run(script, sparse_array()).error.find("the weights of 'pe: sparse24' have indices"),
            std::string::npos);
}

}  // namespace
}  // namespace systol::test
