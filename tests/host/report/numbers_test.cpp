#include "host/report/numbers.h"

#include <gtest/gtest.h>

namespace systol {
namespace {

TEST(Numbers, AreGroupedByThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1 000");
  EXPECT_EQ(grouped(1'234'567), "1 234 567");
  EXPECT_EQ(grouped(UINT64_MAX), "18 446 744 073 709 551 615");
}

TEST(Numbers, SharesHaveOneDecimal) {
  EXPECT_EQ(percent(0), "0.0 %");
  EXPECT_EQ(percent(0.1234), "12.3 %");
  EXPECT_EQ(percent(0.9996), "100.0 %");
  EXPECT_EQ(percent(1), "100.0 %");
}

TEST(Numbers, QuantitiesHaveThreeDigitsAndAPrefix) {
  EXPECT_EQ(duration(1.234e-3), "1.23 ms");
  EXPECT_EQ(duration(45.67e-6), "45.7 us");
  EXPECT_EQ(duration(678.9e-9), "679 ns");
  EXPECT_EQ(duration(1), "1.00 s");
  EXPECT_EQ(duration(3600), "3.60 ks");
  EXPECT_EQ(power(0.345), "345 mW");
  EXPECT_EQ(power(71.2), "71.2 W");
  EXPECT_EQ(energy(Picojoules(12'300)), "12.3 nJ");
  EXPECT_EQ(energy(Picojoules(4.56e6)), "4.56 uJ");
}

TEST(Numbers, NothingHasNoPrefix) {
  EXPECT_EQ(duration(0), "0 s");
  EXPECT_EQ(energy(Picojoules(0)), "0 J");
}

TEST(Numbers, RoundingUpToAThousandTakesTheNextPrefix) {
  EXPECT_EQ(duration(999.4e-6), "999 us");
  EXPECT_EQ(duration(999.6e-6), "1.00 ms");
  EXPECT_EQ(duration(9.994e-3), "9.99 ms");
  EXPECT_EQ(duration(9.996e-3), "10.0 ms");
  EXPECT_EQ(duration(99.94e-3), "99.9 ms");
  EXPECT_EQ(duration(99.96e-3), "100 ms");
}

TEST(Numbers, BeyondThePrefixesTheNumberGrowsOrShrinks) {
  EXPECT_EQ(duration(0.5e-12), "0.50 ps");
  EXPECT_EQ(power(1.5e16), "15000 TW");
}

TEST(Numbers, BytesAreInPowersOfTwo) {
  EXPECT_EQ(data_size(0), "0 B");
  EXPECT_EQ(data_size(1'023), "1023 B");
  EXPECT_EQ(data_size(1'024), "1.0 KiB");
  EXPECT_EQ(data_size(24 * 1'024), "24.0 KiB");
  EXPECT_EQ(data_size(3 * 1'024 * 1'024 / 2), "1.5 MiB");
  EXPECT_EQ(data_size(std::uint64_t{5'000} << 30), "5000.0 GiB");
}

}  // namespace
}  // namespace systol
