#include "host/import/number_type.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/host/import/file_bytes.h"

namespace systol::test {
namespace {

std::vector<double> decoded(const std::string& bytes, NumberFormat format) {
  std::vector<double> numbers(bytes.size() / bytes_of(format.type));
  decode({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, format, numbers);
  return numbers;
}

TEST(NumberTypes, HaveNumPysNamesAndSizes) {
  EXPECT_EQ(name_of(NumberType::Bool), "bool");
  EXPECT_EQ(name_of(NumberType::Uint16), "uint16");
  EXPECT_EQ(name_of(NumberType::Float64), "float64");
  EXPECT_EQ(bytes_of(NumberType::Bool), 1U);
  EXPECT_EQ(bytes_of(NumberType::Float16), 2U);
  EXPECT_EQ(bytes_of(NumberType::Int32), 4U);
  EXPECT_EQ(bytes_of(NumberType::Int64), 8U);
  EXPECT_TRUE(is_integer(NumberType::Int64));
  EXPECT_FALSE(is_integer(NumberType::Float16));
}

TEST(NumberTypes, IntegersOfBothByteOrders) {
  EXPECT_EQ(decoded("\x02\x01\xFF\xFF", {NumberType::Uint16, false}),
            (std::vector<double>{258, 65535}));
  EXPECT_EQ(decoded("\x02\x01\xFF\xFF", {NumberType::Uint16, true}),
            (std::vector<double>{513, 65535}));
  EXPECT_EQ(decoded("\x80\x7F", {NumberType::Int8, false}), (std::vector<double>{-128, 127}));
  EXPECT_EQ(decoded("\x80\x7F", {NumberType::Uint8, true}), (std::vector<double>{128, 127}));
  EXPECT_EQ(decoded("\xFF\xFF\xFF\xFE", {NumberType::Int32, true}), (std::vector<double>{-2}));
  EXPECT_EQ(decoded("\xFF\xFF\xFF\xFE", {NumberType::Uint32, true}),
            (std::vector<double>{4294967294}));
  EXPECT_EQ(decoded("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFE", {NumberType::Int64, true}),
            (std::vector<double>{-2}));
  EXPECT_EQ(decoded(big(1ULL << 40, 8), {NumberType::Uint64, true}),
            (std::vector<double>{1099511627776}));
}

TEST(NumberTypes, AnyByteButZeroIsTrue) {
  EXPECT_EQ(decoded(std::string("\0\1\2", 3), {NumberType::Bool, false}),
            (std::vector<double>{0, 1, 1}));
}

TEST(NumberTypes, FloatsAreIeee754) {
  EXPECT_EQ(decoded(big(0x3FC00000, 4), {NumberType::Float32, true}), (std::vector<double>{1.5}));
  EXPECT_EQ(decoded(little(0xBFF8000000000000, 8), {NumberType::Float64, false}),
            (std::vector<double>{-1.5}));
}

/// IEEE 754, binary16: 1 is 0x3C00, the largest 65504, the smallest 2^-24.
TEST(NumberTypes, HalvesHaveSubnormalsAndSpecialValues) {
  const std::vector<double> numbers =
      decoded(bytes_of_numbers<std::uint16_t>(
                  {0x3C00, 0xC000, 0x7BFF, 0x0001, 0x83FF, 0x0400, 0x0000, 0x7C00, 0xFC00, 0x7E00}),
              {NumberType::Float16, false});
  EXPECT_EQ(numbers[0], 1);
  EXPECT_EQ(numbers[1], -2);
  EXPECT_EQ(numbers[2], 65504);
  EXPECT_EQ(numbers[3], std::ldexp(1, -24));
  EXPECT_EQ(numbers[4], -std::ldexp(1023, -24));
  EXPECT_EQ(numbers[5], std::ldexp(1, -14));
  EXPECT_EQ(numbers[6], 0);
  EXPECT_EQ(numbers[7], std::numeric_limits<double>::infinity());
  EXPECT_EQ(numbers[8], -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(numbers[9]));
}

}  // namespace
}  // namespace systol::test
