#include "host/reference/float_matmul.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace systol {
namespace {

constexpr float kUntouchedFloat = 12345.0F;

std::vector<float> by_definition(const FloatMatmulShape& shape, const std::vector<float>& a,
                                 const std::vector<float>& b, const std::vector<float>& bias) {
  std::vector<float> result(shape.m * shape.c_stride, kUntouchedFloat);
  for (std::size_t i = 0; i < shape.m; ++i) {
    for (std::size_t j = 0; j < shape.n; ++j) {
      double sum = bias.empty() ? 0.0 : static_cast<double>(bias[j]);
      const float* row = &a[i * shape.a_stride];
      const float* column = &b[j];
      for (std::size_t k = 0; k < shape.k; ++k, column += shape.b_stride) {
        sum += static_cast<double>(row[k]) * static_cast<double>(*column);
      }
      result[i * shape.c_stride + j] = static_cast<float>(sum);
    }
  }
  return result;
}

void expect_exact(const FloatMatmulShape& shape, bool with_bias) {
  std::mt19937 random(static_cast<unsigned>(shape.m * 31 + shape.n * 7 + shape.k));
  std::uniform_real_distribution<float> value(-1.0F, 1.0F);
  const auto values = [&](std::size_t size) {
    std::vector<float> result(size);
    for (float& each : result) {
      each = value(random);
    }
    return result;
  };
  const std::vector<float> a = values(shape.m * shape.a_stride);
  const std::vector<float> b = values(shape.k * shape.b_stride);
  const std::vector<float> bias = with_bias ? values(shape.n) : std::vector<float>();
  std::vector<float> c(shape.m * shape.c_stride, kUntouchedFloat);
  float_matmul(shape, a.data(), b.data(), with_bias ? bias.data() : nullptr, c.data());
  EXPECT_EQ(c, by_definition(shape, a, b, bias)) << shape.m << "x" << shape.k << "x" << shape.n;
}

// Blocks are of 6 rows and 16 columns.
TEST(FloatMatmul, IsExactForEveryRemainder) {
  for (std::size_t i = 1; i <= 13; ++i) {
    expect_exact({i, 3 * i, i, i, 3 * i, 3 * i}, i % 2 == 0);
    expect_exact({14 - i, 12 + i, 30, 33, 40, 27}, i % 2 == 1);
  }
}

// More than 262,144 values of a are taken in several parts.
TEST(FloatMatmul, IsExactForManyRows) { expect_exact({280, 17, 1000, 1001, 17, 18}, true); }

// Sums of more than 128 products are taken up again.
TEST(FloatMatmul, IsExactForEveryDepth) {
  for (const std::size_t k : {127U, 128U, 129U, 256U, 300U}) {
    expect_exact({7, 17, k, k, 17, 17}, true);
    expect_exact({12, 32, k, k, 32, 32}, false);
  }
}

TEST(FloatMatmul, OfNoDepthIsTheBias) {
  const std::vector<float> bias = {3.0F, 4.0F};
  std::vector<float> c(4, kUntouchedFloat);
  float_matmul({2, 2, 0, 0, 2, 2}, nullptr, nullptr, bias.data(), c.data());
  EXPECT_EQ(c, (std::vector<float>{3, 4, 3, 4}));
}

}  // namespace
}  // namespace systol
