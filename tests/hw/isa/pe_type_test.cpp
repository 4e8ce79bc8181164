#include "hw/isa/pe_type.h"

#include <gtest/gtest.h>

namespace systol::isa {
namespace {

TEST(PeType, Int8MultipliesBytesIntoSumsOf32Bits) {
  const PeDescription& int8 = describe(PeType::Int8);
  EXPECT_EQ(int8.name, "int8");
  EXPECT_EQ(int8.operand_bits, 8U);
  EXPECT_EQ(int8.weight_bits, 8U);
  EXPECT_EQ(int8.sum_bits, 32U);
  EXPECT_EQ(int8.operation, PeOperation::Multiply);
}

TEST(PeType, TheAdderSubtractsTheDistanceOfBytesFromSumsOf32Bits) {
  const PeDescription& adder = describe(PeType::Adder);
  EXPECT_EQ(adder.name, "adder");
  EXPECT_EQ(adder.operand_bits, 8U);
  EXPECT_EQ(adder.weight_bits, 8U);
  EXPECT_EQ(adder.sum_bits, 32U);
  EXPECT_EQ(adder.operation, PeOperation::AbsoluteDifference);
}

TEST(PeType, Bf16MultipliesTwoBytesIntoFp32) {
  const PeDescription& bf16 = describe(PeType::Bf16);
  EXPECT_EQ(bf16.name, "bf16");
  EXPECT_EQ(bf16.sum_bits, 32U);
  EXPECT_EQ(bf16.operation, PeOperation::FloatMultiply);
  EXPECT_EQ(value_bytes(PeType::Bf16), 2U);
  EXPECT_EQ(result_bytes(PeType::Bf16), 4U);
  EXPECT_TRUE(is_float(PeType::Bf16));
  EXPECT_EQ(value_bytes(PeType::Int8), 1U);
  EXPECT_EQ(result_bytes(PeType::Int8), 1U);
  EXPECT_FALSE(is_float(PeType::Int8));
}

TEST(PeType, XnorHasEightSignsInAByteOfEitherOperand) {
  const PeDescription& xnor = describe(PeType::Xnor);
  EXPECT_EQ(xnor.name, "xnor");
  EXPECT_EQ(xnor.operation, PeOperation::XnorPopcount);
  EXPECT_EQ(xnor.operand_bits, 8U);
  EXPECT_EQ(xnor.weight_bits, 8U);
  EXPECT_TRUE(is_signs(PeType::Xnor));
  EXPECT_FALSE(is_packed(PeType::Xnor)) << "a weight of a lane is a byte";
  EXPECT_FALSE(is_product(PeType::Xnor) || is_product(PeType::Adder));
  EXPECT_TRUE(is_product(PeType::Int8) && is_product(PeType::Binary) && is_product(PeType::Bf16));
}

TEST(PeType, SignsArePackedFromTheLowestBitOnAndTheRestOfTheLastByteIsZero) {
  EXPECT_EQ(sign_bytes(0), 0U);
  EXPECT_EQ(sign_bytes(8), 1U);
  EXPECT_EQ(sign_bytes(9), 2U);
  const std::int8_t values[] = {-1, 0, 5, -3, 127, -128, 0, 1, -2};
  std::uint8_t bytes[] = {0xff, 0xff, 0xff};
  pack_signs(values, 9, bytes);
  EXPECT_EQ(bytes[0], 0b0010'1001);  // places 0, 3 and 5 are negative
  EXPECT_EQ(bytes[1], 0b0000'0001);
  EXPECT_EQ(bytes[2], 0xff) << "behind the signs";
  pack_signs(values, 4, bytes);
  EXPECT_EQ(bytes[0], 0b0000'1001);
}

TEST(PeType, NarrowWeightsArePackedFromTheLowestBitsOn) {
  EXPECT_TRUE(is_packed(PeType::Int8w4) && is_packed(PeType::Ternary) && is_packed(PeType::Binary));
  EXPECT_FALSE(is_packed(PeType::Int8) || is_packed(PeType::Adder) || is_packed(PeType::Bf16));
  EXPECT_EQ(value_bytes(PeType::Int8w4), 1U);
  EXPECT_EQ(weight_row_bytes(8, PeType::Int8w4), 4U);
  EXPECT_EQ(weight_row_bytes(7, PeType::Int8w4), 4U);
  EXPECT_EQ(weight_row_bytes(5, PeType::Ternary), 2U);
  EXPECT_EQ(weight_row_bytes(9, PeType::Binary), 2U);
  EXPECT_EQ(weight_row_bytes(9, PeType::Int8), 9U);
  EXPECT_EQ(tile_bytes(3, 9, PeType::Bf16), 54U);
  const std::uint8_t row[] = {0x8f, 0x71};  // nibbles f 8 1 7; pairs 3 3 0 2 1 0 3 1
  EXPECT_EQ(packed_weight(row, 0, PeType::Int8w4), -1);
  EXPECT_EQ(packed_weight(row, 1, PeType::Int8w4), -8);
  EXPECT_EQ(packed_weight(row, 2, PeType::Int8w4), 1);
  EXPECT_EQ(packed_weight(row, 3, PeType::Int8w4), 7);
  EXPECT_EQ(packed_weight(row, 0, PeType::Ternary), -1);
  EXPECT_EQ(packed_weight(row, 2, PeType::Ternary), 0);
  EXPECT_EQ(packed_weight(row, 4, PeType::Ternary), 1);
  EXPECT_EQ(packed_weight(row, 3, PeType::Binary), -1);
  EXPECT_EQ(packed_weight(row, 4, PeType::Binary), 1);
  EXPECT_EQ(packed_weight(row, 8, PeType::Binary), -1);
  EXPECT_EQ(weight_field(-3, PeType::Int8w4), 0xd);
  EXPECT_EQ(weight_field(-1, PeType::Ternary), 3);
  EXPECT_EQ(weight_field(-1, PeType::Binary), 1);
  EXPECT_EQ(weight_field(1, PeType::Binary), 0);
}

TEST(PeType, TwoOfFourWeightsLieBeforeTheirIndices) {
  EXPECT_EQ(describe(PeType::Sparse24).name, "sparse24");
  EXPECT_TRUE(is_sparse(PeType::Sparse24) && is_packed(PeType::Sparse24));
  EXPECT_FALSE(is_sparse(PeType::Int8) || is_sparse(PeType::Binary));
  EXPECT_EQ(value_bytes(PeType::Sparse24), 1U);
  EXPECT_EQ(lane_bytes(PeType::Sparse24), 2U);
  EXPECT_EQ(lane_bytes(PeType::Int8), 1U);
  EXPECT_EQ(lane_bytes(PeType::Bf16), 2U);
  EXPECT_EQ(weight_row_bytes(16, PeType::Sparse24), 20U);  // of int8, for twice the rows, 32
  EXPECT_EQ(weight_row_bytes(5, PeType::Sparse24), 7U);
  const std::uint8_t row[] = {1, 2, 3, 4, 5, 0xe4, 2};  // indices 0 1 2 3, then 2
  for (std::size_t column = 0; column < 5; ++column) {
    EXPECT_EQ(packed_index(row, column, 5), column == 4 ? 2 : column);
  }
}

TEST(PeType, OfFourValuesOfADepthTwoRowsAreFed) {
  EXPECT_EQ(fed_depth(9, 3, PeType::Int8), 9U);
  EXPECT_EQ(fed_depth(8, 1, PeType::Sparse24), 4U);
  EXPECT_EQ(fed_depth(9, 1, PeType::Sparse24), 6U);
  EXPECT_EQ(fed_depth(1, 1, PeType::Sparse24), 2U);
  EXPECT_EQ(fed_depth(9, 3, PeType::Sparse24), 6U);   // three groups of three values
  EXPECT_EQ(fed_depth(10, 2, PeType::Sparse24), 8U);  // two of five
  EXPECT_EQ(fed_values(10, 2, PeType::Sparse24), 16U);
}

TEST(PeType, NamesAreInTheOrderOfTheTypes) {
  EXPECT_EQ(kPeTypeNames[static_cast<std::size_t>(PeType::Adder)], "adder");
  EXPECT_EQ(kPeTypeNames[static_cast<std::size_t>(PeType::Int8)], "int8");
  EXPECT_EQ(kPeTypeNames.size(), kPeTypes);
}

}  // namespace
}  // namespace systol::isa
