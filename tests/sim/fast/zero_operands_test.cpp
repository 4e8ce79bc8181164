#include "sim/fast/zero_operands.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace systol {
namespace {

TEST(ZeroOperands, CountsEveryProductWithAZeroFactorOnce) {
  const std::vector<std::int8_t> a = {0, 1,  //
                                      2, 0};
  const std::vector<std::int8_t> b = {0, 5, 6,  //
                                      7, 0, 0};
  // Row 0: 0*(0 5 6) 3 zeros, 1*(7 0 0) 2; row 1: 2*(0 5 6) 1, 0*(7 0 0) 3.
  EXPECT_EQ(ZeroOperands().count({a.data(), 2, 2, 2}, {b.data(), 3, 2, 3}), 9U);
}

TEST(ZeroOperands, CountsManyRowsInStridedMatrices) {
  std::mt19937 random(3);
  std::vector<std::int8_t> a(700 * 40);
  std::vector<std::int8_t> b(30 * 50);
  for (auto* values : {&a, &b}) {
    for (std::int8_t& value : *values) {
      value = static_cast<std::int8_t>(random() % 3 == 0 ? 0 : random());
    }
  }
  std::uint64_t zeros = 0;
  for (std::size_t i = 0; i < 700; ++i) {
    for (std::size_t k = 0; k < 30; ++k) {
      for (std::size_t j = 0; j < 20; ++j) {
        zeros += a[i * 40 + k] == 0 || b[k * 50 + j] == 0 ? 1 : 0;
      }
    }
  }
  EXPECT_EQ(ZeroOperands().count({a.data(), 40, 700, 30}, {b.data(), 50, 30, 20}), zeros);
}

TEST(ZeroOperands, CountsAgainWhatHasChanged) {
  std::vector<std::int8_t> a = {1, 1, 0,  //
                                1, 0, 9};
  const std::vector<std::int8_t> b = {1, 1};
  ZeroOperands zeros;
  const auto count = [&] { return zeros.count({a.data(), 3, 2, 2}, {b.data(), 1, 2, 1}); };
  EXPECT_EQ(count(), 1U);
  a[4] = 5;
  zeros.changed(&a[4], &a[4] + 1);
  EXPECT_EQ(count(), 0U);
  a[3] = 0;
  zeros.changed(a.data() + 2, a.data() + 4);
  EXPECT_EQ(count(), 1U);
}

}  // namespace
}  // namespace systol
