#include "sim/fast/gemm.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <random>
#include <vector>

#include "tests/sanitized.h"

namespace systol {
namespace {

/// Bit by bit: 0 is 1 and 1 is -1.
int product_of_signs(int x, int y) {
  int sum = 0;
  for (int bit = 0; bit < 8; ++bit) {
    sum += (x >> bit & 1) == (y >> bit & 1) ? 1 : -1;
  }
  return sum;
}

/// c (+)= a b, one product at a time, or -|a - b| or the products of signs in place of each.
std::vector<std::int32_t> expected(GemmPath path, const GemmLayout& shape,
                                   const std::vector<std::int8_t>& a,
                                   const std::vector<std::int8_t>& b, std::vector<std::int32_t> c) {
  for (std::size_t i = 0; i < shape.m; ++i) {
    for (std::size_t j = 0; j < shape.n; ++j) {
      std::int64_t sum = shape.add ? c[i * shape.c_stride + j] : 0;
      const std::int8_t* row = &a[i * shape.a_stride];
      const std::int8_t* column = &b[j];
      for (std::size_t k = 0; k < shape.k; ++k, column += shape.b_stride) {
        const int x = row[k];
        const int y = *column;
        sum += path == GemmPath::Distance ? -std::abs(x - y)
               : path == GemmPath::Signs  ? product_of_signs(x, y)
                                          : x * y;
      }
      c[i * shape.c_stride + j] = static_cast<std::int32_t>(sum);
    }
  }
  return c;
}

void expect_exact(GemmPath path, const GemmLayout& shape, int low, int high,
                  ThreadPool* pool = nullptr) {
  std::mt19937 random(static_cast<unsigned>(shape.m * 31 + shape.n * 7 + shape.k));
  const auto fill = [&](std::size_t size) {
    std::vector<std::int8_t> values(size);
    for (std::int8_t& value : values) {
      value = static_cast<std::int8_t>(low + static_cast<int>(random() % unsigned(high - low + 1)));
    }
    return values;
  };
  const std::vector<std::int8_t> a = fill(shape.m * shape.a_stride);
  const std::vector<std::int8_t> b = fill(shape.k * shape.b_stride);
  std::vector<std::int32_t> c(shape.m * shape.c_stride, 16'777'217);  // not a float32
  const std::vector<std::int32_t> want = expected(path, shape, a, b, c);
  gemm(path, shape, a.data(), b.data(), c.data(), pool);
  EXPECT_EQ(c, want) << shape.m << "x" << shape.k << "x" << shape.n;
}

const std::vector<GemmLayout>& shapes() {
  static const std::vector<GemmLayout> all = {
      {1, 1, 1, 1, 1, 1, false},        {1, 1, 1, 3, 2, 5, true},
      {1, 64, 7, 9, 64, 64, false},     {1, 150, 1030, 1030, 160, 150, true},
      {7, 5, 3, 3, 5, 5, false},        {16, 16, 784, 800, 16, 16, false},
      {33, 17, 129, 200, 20, 40, true}, {64, 128, 512, 512, 128, 128, true}};
  return all;
}

TEST(Gemm, IsExactOnThePathThatThisProcessorTakes) {
  for (const GemmLayout& shape : shapes()) {
    expect_exact(exact_gemm_path(), shape, -128, 127);
  }
}

TEST(Gemm, IsExactOnThePlainPath) {
  for (const GemmLayout& shape : shapes()) {
    expect_exact(GemmPath::Plain, shape, -128, 127);
  }
}

TEST(Gemm, SumsOfDistancesAreExact) {
  for (const GemmLayout& shape : shapes()) {
    expect_exact(GemmPath::Distance, shape, -128, 127);
  }
  expect_exact(GemmPath::Distance, {2, 3, 1029, 1029, 3, 3, false}, -128, -128);
  ThreadPool pool(2);
  expect_exact(GemmPath::Distance, {301, 130, 400, 405, 140, 150, true}, -128, 127, &pool);
}

TEST(Gemm, SumsOfSignsAreExact) {
  EXPECT_EQ(exact_gemm_path(isa::PeOperation::XnorPopcount), GemmPath::Signs);
  for (const GemmLayout& shape : shapes()) {
    expect_exact(GemmPath::Signs, shape, -128, 127);
  }
  expect_exact(GemmPath::Signs, {2, 3, 95, 95, 3, 3, false}, -1, -1);
  ThreadPool pool(2);
  expect_exact(GemmPath::Signs, {301, 130, 400, 405, 140, 150, true}, -128, 127, &pool);
}

TEST(Gemm, AByteOfSignsAndItsComplementDifferInAllBits) {
  const std::int8_t a = 0x35;
  const auto b = static_cast<std::int8_t>(~0x35);
  std::int32_t sum = 3;
  gemm(GemmPath::Signs, {1, 1, 1, 1, 1, 1, true}, &a, &b, &sum);
  EXPECT_EQ(sum, 3 - 8);
}

TEST(Gemm, TheLongestSumOfTheLargestDistancesIsExact) {
  constexpr std::size_t kDepth = 1029;  // four times what 16 bits hold, and a few more
  const std::vector<std::int8_t> a(kDepth, -128);
  const std::vector<std::int8_t> b(kDepth, 127);
  std::int32_t sum = 7;
  gemm(exact_gemm_path(isa::PeOperation::AbsoluteDifference), {1, 1, kDepth, kDepth, 1, 1, true},
       a.data(), b.data(), &sum);
  EXPECT_EQ(sum, 7 - 255 * 1029);
}

TEST(Gemm, IsExactWhereSixteenBitSumsWouldSaturate) {
  expect_exact(exact_gemm_path(), {8, 8, 256, 256, 8, 8, false}, -128, -127);
  expect_exact(GemmPath::Plain, {8, 8, 255, 255, 8, 8, false}, 126, 127);
}

TEST(Gemm, IsExactInParts) {
  for (unsigned threads = test::kSanitized ? 3 : 1; threads <= 3; ++threads) {
    ThreadPool pool(threads);
    for (const GemmPath path : {GemmPath::Plain, exact_gemm_path()}) {
      for (const bool add : {false, true}) {  // cut by rows and by columns
        expect_exact(path, {301, 130, 400, 405, 140, 150, add}, -128, 127, &pool);
        expect_exact(path, {130, 301, 400, 405, 310, 320, add}, -128, 127, &pool);
      }
    }
  }
}

std::ptrdiff_t threads_of_this_process() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

TEST(Gemm, StartsNoThreadsButThoseOfThePool) {
  expect_exact(exact_gemm_path(), {256, 256, 512, 512, 256, 256, false}, -128, 127);
  EXPECT_EQ(threads_of_this_process(), 1);
  ThreadPool pool(2);
  expect_exact(exact_gemm_path(), {256, 256, 512, 512, 256, 256, false}, -128, 127, &pool);
  EXPECT_EQ(threads_of_this_process(), 2);
}

TEST(Gemm, RowsMayOverlapAndASingleRowHasNoStride) {
  for (const bool add : {false, true}) {
    const GemmLayout overlapping{3, 2, 4, 1, 2, 2, add};
    std::vector<std::int8_t> a{1, 2, 3, 4, 5, 6};
    const std::vector<std::int8_t> b{1, 0, 0, 1, 2, 0, 0, 3};
    std::vector<std::int32_t> c(6, 10);
    gemm(exact_gemm_path(), overlapping, a.data(), b.data(), c.data());
    const std::int32_t more = add ? 10 : 0;
    EXPECT_EQ(c, (std::vector<std::int32_t>{7 + more, 14 + more, 10 + more, 18 + more, 13 + more,
                                            22 + more}));
    const GemmLayout single{1, 2, 4, std::size_t{1} << 63, 2, 2, add};
    c.assign(2, 10);
    gemm(exact_gemm_path(), single, a.data(), b.data(), c.data());
    EXPECT_EQ(c, (std::vector<std::int32_t>{7 + more, 14 + more}));
  }
}

TEST(Gemm, TakesThePlainPathWhereOneDnnSaturates) {
  if (std::getenv("SYSTOL_EXPECT_PLAIN") == nullptr) {
    GTEST_SKIP() << "only where oneDNN is held below VNNI";
  }
  EXPECT_EQ(exact_gemm_path(), GemmPath::Plain);
}

}  // namespace
}  // namespace systol
