#include "sim/fast/bf16_gemm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

#include "host/reference/soft_float.h"
#include "tests/float_numbers.h"

namespace systol {
namespace {

struct Matrices {
  std::vector<std::uint16_t> a;
  std::vector<std::uint16_t> b;
  std::vector<std::uint32_t> c;
};

/// Numbers around 1, so that sums are rounded, or numbers of which some are infinite or none.
Matrices random_matrices(const GemmLayout& shape, bool special) {
  std::mt19937_64 random(shape.m * 31 + shape.n * 7 + shape.k);
  const auto half = [&] {
    if (special && random() % 64 == 0) {
      return test::kHalves[random() % test::kHalves.size()];
    }
    return static_cast<std::uint16_t>((random() & 0x83ffU) | 0x3c00U);
  };
  Matrices matrices;
  matrices.a.resize(shape.m * shape.a_stride);
  matrices.b.resize(shape.k * shape.b_stride);
  matrices.c.resize(shape.m * shape.c_stride);
  std::ranges::generate(matrices.a, half);
  std::ranges::generate(matrices.b, half);
  std::ranges::generate(matrices.c, [&] { return std::uint32_t{half()} << 16 | 0x5555U; });
  return matrices;
}

/// What the array does, one product at a time.
std::vector<std::uint32_t> expected(const GemmLayout& shape, std::size_t tile_depth,
                                    const Matrices& of) {
  std::vector<std::uint32_t> c = of.c;
  for (std::size_t i = 0; i < shape.m; ++i) {
    for (std::size_t j = 0; j < shape.n; ++j) {
      std::uint32_t& result = c[i * shape.c_stride + j];
      for (std::size_t first = 0; first < shape.k; first += tile_depth) {
        std::uint32_t sum = 0;
        for (std::size_t k = first; k < std::min(shape.k, first + tile_depth); ++k) {
          sum = soft_float::multiply_add(sum, of.a[i * shape.a_stride + k],
                                         of.b[k * shape.b_stride + j]);
        }
        result = first == 0 && !shape.add ? sum : soft_float::add(result, sum);
      }
    }
  }
  return c;
}

void expect_exact(const GemmLayout& shape, std::size_t tile_depth, bool special,
                  ThreadPool* pool = nullptr) {
  const Matrices matrices = random_matrices(shape, special);
  std::vector<std::int32_t> c(matrices.c.begin(), matrices.c.end());
  std::vector<unsigned char> odd(matrices.a.size() * 2 + 1);  // activations lie at any address
  std::memcpy(odd.data() + 1, matrices.a.data(), matrices.a.size() * 2);
  GemmLayout layout = shape;
  layout.a_stride = 2 * shape.a_stride;
  bf16_gemm(layout, tile_depth, odd.data() + 1, matrices.b.data(), c.data(), pool);
  const std::vector<std::uint32_t> want = expected(shape, tile_depth, matrices);
  for (std::size_t i = 0; i < want.size(); ++i) {
    ASSERT_EQ(static_cast<std::uint32_t>(c[i]), want[i])
        << "at " << i << " of " << shape.m << "x" << shape.k << "x" << shape.n;
  }
}

TEST(Bf16Gemm, AddsInTheOrderOfTheArray) {
  for (const bool special : {false, true}) {
    expect_exact({1, 1, 1, 1, 1, 1, false}, 4, special);
    expect_exact({7, 17, 33, 40, 19, 23, false}, 8, special);
    expect_exact({13, 16, 40, 40, 16, 16, true}, 16, special);
    expect_exact({6, 50, 9, 9, 64, 64, true}, 128, special);
    expect_exact({3, 5, 64, 64, 5, 8, false}, 1, special);
  }
}

TEST(Bf16Gemm, GivesTheSameBitsInParts) {
  ThreadPool pool(3);
  expect_exact({40, 128, 250, 250, 128, 128, false}, 16, true, &pool);
  expect_exact({100, 20, 600, 600, 20, 20, true}, 128, true, &pool);
}

}  // namespace
}  // namespace systol
