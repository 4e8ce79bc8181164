#include "host/train/matrix_product.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace systol {
namespace {

using Values = std::vector<float>;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// By the definition of bfloat16: the nearest of both neighbours, of a tie the one whose last bit
/// is 0.
float nearest_bfloat16(float value) {
  if (!std::isfinite(value)) {
    return value;
  }
  int exponent = 0;
  std::frexp(value, &exponent);
  const int unit = std::max(exponent - 8, -133);  // the last of 8 bits; of subnormals 2^-133
  const double scaled = std::ldexp(static_cast<double>(value), -unit);
  const double rounded = std::ldexp(std::nearbyint(scaled), unit);
  return std::abs(rounded) > 3.3895314e38 ? std::copysign(kInfinity, value)
                                          : static_cast<float>(rounded);
}

/// Piece after piece; volatile, so that nothing is fused.
Values expected(const ProductSize& shape, Precision precision, std::size_t piece, const Values& a,
                const Values& b) {
  const auto taken = [&](float value) {
    return precision == Precision::Bfloat16 ? nearest_bfloat16(value) : value;
  };
  Values c;
  for (std::size_t i = 0; i < shape.m; ++i) {
    for (std::size_t j = 0; j < shape.n; ++j) {
      volatile float total = 0;
      volatile float sum = 0;
      for (std::size_t l = 0; l < shape.k; ++l) {
        const float right = b[shape.transposed ? j * shape.k + l : l * shape.n + j];
        const volatile float product = taken(a[i * shape.k + l]) * taken(right);
        sum = sum + product;
        if (l + 1 == shape.k || (l + 1) % piece == 0) {
          total = total + sum;
          sum = 0;
        }
      }
      c.push_back(static_cast<float>(total));
    }
  }
  return c;
}

std::vector<std::uint32_t> bits(const Values& values) {
  std::vector<std::uint32_t> result;
  for (const float value : values) {
    result.push_back(std::isnan(value) ? 0x7fc00000 : std::bit_cast<std::uint32_t>(value));
  }
  return result;
}

void expect_product(Precision precision, const ProductSize& shape, const Values& a,
                    const Values& b) {
  for (const std::size_t piece : {1U, 4U, 16U, 1000U}) {
    Values c(shape.m * shape.n);
    MatrixProduct(precision, piece).multiply(shape, a.data(), b.data(), c.data());
    EXPECT_EQ(bits(c), bits(expected(shape, precision, piece, a, b)))
        << shape.m << " x " << shape.k << " x " << shape.n << " in pieces of " << piece;
  }
}

TEST(Bfloat16, IsTheNearestAndOfATieTheEvenOne) {
  EXPECT_EQ(rounded_to_bf16(1.00390625F), 1.0F) << "1 + 2^-8 lies between 1 and 1 + 2^-7";
  EXPECT_EQ(rounded_to_bf16(1.01171875F), 1.015625F) << "1 + 3 * 2^-8 lies between odd and even";
  EXPECT_EQ(rounded_to_bf16(1.0040F), 1.0078125F);
  EXPECT_EQ(rounded_to_bf16(-3.4e38F), -kInfinity);
  EXPECT_TRUE(std::isnan(rounded_to_bf16(std::bit_cast<float>(0x7f800001U)))) << "not infinite";
  std::mt19937 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
    if (!std::isnan(value)) {
      ASSERT_EQ(rounded_to_bf16(value), nearest_bfloat16(value)) << value;
    }
  }
}

TEST(MatrixProduct, AddsInTheOrderOfTheDepth) {
  // 2^24 + 1 is no float32: the order decides.
  const Values ones{1, 1, 1};
  Values c(1);
  MatrixProduct product(Precision::Float32);
  product.multiply({1, 3, 1}, ones.data(), Values{16777216, 1, 1}.data(), c.data());
  EXPECT_EQ(c[0], 16777216);
  product.multiply({1, 3, 1}, ones.data(), Values{1, 1, 16777216}.data(), c.data());
  EXPECT_EQ(c[0], 16777218);
}

TEST(MatrixProduct, AddsPiecesThatBeginWithZero) {
  const Values ones{1, 1, 1};
  Values c(1);
  MatrixProduct(Precision::Float32, 1)
      .multiply({1, 3, 1}, ones.data(), Values{16777216, 1, 1}.data(), c.data());
  EXPECT_EQ(c[0], 16777216);
  MatrixProduct(Precision::Float32, 2)
      .multiply({1, 4, 1}, Values{0, 1, 1, 1}.data(), Values{0, 16777216, 1, 1}.data(), c.data());
  EXPECT_EQ(c[0], 16777218) << "1 and 1 are a piece";
}

TEST(MatrixProduct, IsThatOfAnyShapeAndAnyBits) {
  std::mt19937 random(2);
  for (const ProductSize& shape :
       {ProductSize{1, 1, 1}, ProductSize{7, 5, 17}, ProductSize{6, 40, 16}, ProductSize{13, 3, 33},
        ProductSize{5, 9, 1}}) {
    for (const bool transposed : {false, true}) {
      for (const bool any_bits : {false, true}) {
        const auto draw = [&](std::size_t count) {
          Values values;
          for (std::size_t i = 0; i < count; ++i) {
            values.push_back(any_bits ? std::bit_cast<float>(static_cast<std::uint32_t>(random()))
                                      : static_cast<float>(random() % 2000) / 1000 - 1);
          }
          return values;
        };
        const Values a = draw(shape.m * shape.k);
        const Values b = draw(shape.k * shape.n);
        for (const Precision precision : {Precision::Bfloat16, Precision::Float32}) {
          expect_product(precision, {shape.m, shape.k, shape.n, transposed}, a, b);
        }
      }
    }
  }
}

}  // namespace
}  // namespace systol
