#include "host/reference/integer_matmul.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <random>
#include <vector>

namespace systol {
namespace {

using Multiply = std::function<void(const IntegerMatmulShape& shape, const std::int8_t* a,
                                    const std::int8_t* b, std::int32_t* sums)>;

constexpr std::int32_t kUntouched = 123'456'789;

/// The product by its definition; what lies between the rows stays as it was.
std::vector<std::int32_t> by_definition(const IntegerMatmulShape& shape,
                                        const std::vector<std::int8_t>& a,
                                        const std::vector<std::int8_t>& b) {
  std::vector<std::int32_t> sums(shape.m * shape.sums_stride, kUntouched);
  for (std::size_t i = 0; i < shape.m; ++i) {
    for (std::size_t j = 0; j < shape.n; ++j) {
      std::int64_t sum = 0;
      const std::int8_t* row = &a[i * shape.a_stride];
      const std::int8_t* column = &b[j];
      for (std::size_t k = 0; k < shape.k; ++k, column += shape.b_stride) {
        sum += std::int64_t{row[k]} * *column;
      }
      sums[i * shape.sums_stride + j] = static_cast<std::int32_t>(sum);
    }
  }
  return sums;
}

void expect_exact(const Multiply& multiply, const IntegerMatmulShape& shape, int low, int high) {
  std::mt19937 random(static_cast<unsigned>(shape.m * 31 + shape.n * 7 + shape.k));
  std::uniform_int_distribution<int> value(low, high);
  const auto fill = [&](std::size_t size) {
    std::vector<std::int8_t> values(size);
    for (std::int8_t& each : values) {
      each = static_cast<std::int8_t>(value(random));
    }
    return values;
  };
  const std::vector<std::int8_t> a = fill(shape.m * shape.a_stride);
  const std::vector<std::int8_t> b = fill(shape.k * shape.b_stride);
  std::vector<std::int32_t> sums(shape.m * shape.sums_stride, kUntouched);
  multiply(shape, a.data(), b.data(), sums.data());
  EXPECT_EQ(sums, by_definition(shape, a, b)) << shape.m << "x" << shape.k << "x" << shape.n;
}

/// Every remainder of rows by 6, of depth by 4 and of columns by 64, with strides and without.
std::vector<IntegerMatmulShape> shapes() {
  std::vector<IntegerMatmulShape> all;
  for (std::size_t i = 1; i <= 13; ++i) {
    all.push_back({i, 1 + i * 10, i, i, 1 + i * 10, 1 + i * 10});
    all.push_back({14 - i, 128, 60 + i, 80, 150, 131});
    all.push_back({i, 63 + i % 3, 4, 4, 63 + i % 3, 70});
  }
  return all;
}

/// All that this processor can take.
std::vector<Multiply> paths() {
  std::vector<Multiply> all{integer_matmul_paths::plain};
  if (integer_matmul_paths::has_dot_products()) {
    all.emplace_back(integer_matmul_paths::dot_products);
  }
  return all;
}

TEST(IntegerMatmul, IsExactOverTheFullRange) {
  for (const Multiply& multiply : paths()) {
    for (const IntegerMatmulShape& shape : shapes()) {
      expect_exact(multiply, shape, -128, 127);
    }
  }
}

TEST(IntegerMatmul, IsExactAtTheEndsOfTheRange) {
  for (const Multiply& multiply : paths()) {
    for (const int value : {-128, 127}) {
      expect_exact(multiply, {7, 65, 1001, 1001, 65, 65}, value, value);
    }
  }
}

TEST(IntegerMatmul, SumsWrapAround) {
  constexpr std::size_t kDepth = 131'072;  // times 2^14 is 2^31
  const std::vector<std::int8_t> a(4 * kDepth, -128);
  const std::vector<std::int8_t> b(kDepth, -128);
  for (const Multiply& multiply : paths()) {
    std::vector<std::int32_t> sums(4);
    multiply({4, 1, kDepth, kDepth, 1, 1}, a.data(), b.data(), sums.data());
    EXPECT_EQ(sums, std::vector<std::int32_t>(4, std::numeric_limits<std::int32_t>::min()));
  }
}

TEST(IntegerMatmul, IsTheSameOnAnyNumberOfThreads) {
  for (const unsigned threads : {0U, 1U, 2U, 3U, 7U}) {
    const Multiply multiply = [&](const IntegerMatmulShape& shape, const std::int8_t* a,
                                  const std::int8_t* b, std::int32_t* sums) {
      integer_matmul(shape, a, b, sums, threads);
    };
    expect_exact(multiply, {300, 130, 520, 523, 140, 150}, -128, 127);  // cut by rows
    expect_exact(multiply, {130, 301, 520, 523, 310, 320}, -128, 127);  // cut by columns
    expect_exact(multiply, {1, 5, 3, 3, 5, 5}, -128, 127);
  }
}

TEST(IntegerMatmul, OfNothingIsNothingOrZero) {
  std::vector<std::int32_t> sums(6, kUntouched);
  integer_matmul({2, 3, 0, 0, 3, 3}, nullptr, nullptr, sums.data(), 2);
  EXPECT_EQ(sums, std::vector<std::int32_t>(6, 0));
  integer_matmul({0, 3, 4, 4, 3, 3}, nullptr, nullptr, nullptr, 2);
}

}  // namespace
}  // namespace systol
