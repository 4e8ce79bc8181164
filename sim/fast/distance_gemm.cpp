#include "sim/fast/distance_gemm.h"

#include <algorithm>
#include <array>
#include <vector>

#include "sim/base/vectorised.h"

namespace systol {
namespace {

/// Rows of b that are taken together, and how many of them sum up in 16 bits: 255 x 257 fit.
constexpr std::size_t kTogether = 4;
constexpr std::size_t kMostSummed = 256;

/// Of two int8, in 8 bits.
inline std::uint8_t distance(std::int8_t a, std::int8_t b) {
  return static_cast<std::uint8_t>(std::max(a, b) - std::min(a, b));
}

using Rows = std::array<const std::int8_t*, kTogether>;
using Values = std::array<std::int8_t, kTogether>;

SYSTOL_VECTORISED void add_four(std::uint16_t* __restrict sums, const Rows& b, const Values& a,
                                std::size_t n) {
  const std::int8_t* __restrict b0 = b[0];
  const std::int8_t* __restrict b1 = b[1];
  const std::int8_t* __restrict b2 = b[2];
  const std::int8_t* __restrict b3 = b[3];
  const auto [a0, a1, a2, a3] = a;
  for (std::size_t j = 0; j < n; ++j) {
    sums[j] = static_cast<std::uint16_t>(sums[j] + distance(a0, b0[j]) + distance(a1, b1[j]) +
                                         distance(a2, b2[j]) + distance(a3, b3[j]));
  }
}

SYSTOL_VECTORISED void add_one(std::uint16_t* __restrict sums, const std::int8_t* __restrict b,
                               std::int8_t a, std::size_t n) {
  for (std::size_t j = 0; j < n; ++j) {
    sums[j] = static_cast<std::uint16_t>(sums[j] + distance(a, b[j]));
  }
}

SYSTOL_VECTORISED void subtract(std::int32_t* __restrict c, const std::uint16_t* __restrict sums,
                                std::size_t n) {
  for (std::size_t j = 0; j < n; ++j) {
    c[j] = static_cast<std::int32_t>(static_cast<std::uint32_t>(c[j]) - sums[j]);
  }
}

}  // namespace

void distance_gemm(const GemmLayout& shape, const std::int8_t* a, const std::int8_t* b,
                   std::int32_t* c) {
  std::vector<std::uint16_t> sums(shape.n);
  for (std::size_t i = 0; i < shape.m; ++i) {
    const std::int8_t* row = a + i * shape.a_stride;
    std::int32_t* target = c + i * shape.c_stride;
    if (!shape.add) {
      std::fill_n(target, shape.n, 0);
    }
    for (std::size_t first = 0; first < shape.k; first += kMostSummed) {
      const std::size_t end = std::min(first + kMostSummed, shape.k);
      std::fill(sums.begin(), sums.end(), std::uint16_t{0});
      std::size_t k = first;
      for (; k + kTogether <= end; k += kTogether) {
        const std::int8_t* at = b + k * shape.b_stride;
        const std::size_t step = shape.b_stride;
        add_four(sums.data(), {at, at + step, at + 2 * step, at + 3 * step},
                 {row[k], row[k + 1], row[k + 2], row[k + 3]}, shape.n);
      }
      for (; k < end; ++k) {
        add_one(sums.data(), b + k * shape.b_stride, row[k], shape.n);
      }
      subtract(target, sums.data(), shape.n);
    }
  }
}

}  // namespace systol
