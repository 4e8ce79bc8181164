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

TEST(PeType, NamesAreInTheOrderOfTheTypes) {
  EXPECT_EQ(kPeTypeNames[static_cast<std::size_t>(PeType::Adder)], "adder");
  EXPECT_EQ(kPeTypeNames[static_cast<std::size_t>(PeType::Int8)], "int8");
  EXPECT_EQ(kPeTypeNames.size(), kPeTypes);
}

}  // namespace
}  // namespace systol::isa
