#include "host/compile/sparse_tiles.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace systol {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes tiles_of(std::vector<std::int8_t> weights, const Tiling& tiling) {
  QuantMatMul matmul;
  matmul.weights.assign(weights.begin(), weights.end());
  Bytes image;
  append_sparse_tiles(matmul, tiling, image);
  return image;
}

TEST(SparseTiles, HaveTheKeptWeightsOfEachGroupAndTheirPlaces) {
  // 5 x 2: of column 0 -6 at place 0 and 5 at 3, then 9; of column 1 7 at place 2.
  const Tiling tiling{5, 2, 8, 4};
  EXPECT_EQ(tiles_of({-6, 0, 0, 0, 0, 7, 5, 0, 9, 0}, tiling),
            (Bytes{0xfa, 7, 0x08, 5, 0, 0x03, 9, 0, 0x00, 0, 0, 0x00}));
}

TEST(SparseTiles, AreTheirPeRowsApart) {
  Tiling tiling{20, 6, 8, 4};  // slices of 8, 8 and 4 values; columns of 4 and 2
  EXPECT_EQ(tiling.pe_rows_before(2, isa::PeType::Sparse24), 8U);
  EXPECT_EQ(tiling.pe_rows_before(3, isa::PeType::Sparse24), 10U);
  EXPECT_EQ(tiling.pe_rows_before(3, isa::PeType::Int8), 20U);
  EXPECT_EQ(tiles_of(std::vector<std::int8_t>(120), tiling).size(), 10U * (5 + 3));
  tiling.uneven = {{0, 15, 3, 0, 8}, {15, 5, 1, 24, 0}};  // segments of 5 are two groups
  EXPECT_EQ(tiling.tile_pe_rows(0, isa::PeType::Sparse24), 12U);
  EXPECT_EQ(tiling.pe_rows_before(2, isa::PeType::Sparse24), 16U);
  EXPECT_EQ(tiles_of(std::vector<std::int8_t>(120), tiling).size(), 16U * (5 + 3));
}

TEST(SparseTiles, OfMoreThanTwoWeightsInAGroupThereAreNone) {
  EXPECT_THROW(tiles_of({1, 2, 3, 0}, {4, 1, 8, 4}), std::logic_error);
}

}  // namespace
}  // namespace systol
