// How integer_matmul multiplies on one thread.
#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "host/reference/integer_matmul.h"
#include "host/reference/per_processor.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace systol::integer_matmul_paths {
namespace {

constexpr std::size_t kDepth = 4;  ///< products that are added before they meet a sum

/// sums[j] += factors[0] * rows[0][j] + ... + factors[3] * rows[3][j]
SYSTOL_PER_PROCESSOR void add_rows(std::int32_t* __restrict sums,
                                   const std::array<const std::int8_t*, kDepth>& rows,
                                   const std::array<std::int32_t, kDepth>& factors, std::size_t n) {
  const std::int8_t* __restrict b0 = rows[0];
  const std::int8_t* __restrict b1 = rows[1];
  const std::int8_t* __restrict b2 = rows[2];
  const std::int8_t* __restrict b3 = rows[3];
  const auto [a0, a1, a2, a3] = factors;
  for (std::size_t j = 0; j < n; ++j) {
    const std::int32_t more = a0 * b0[j] + a1 * b1[j] + a2 * b2[j] + a3 * b3[j];
    sums[j] = static_cast<std::int32_t>(static_cast<std::uint32_t>(sums[j]) +
                                        static_cast<std::uint32_t>(more));
  }
}

}  // namespace

void plain(const IntegerMatmulShape& shape, const std::int8_t* a, const std::int8_t* b,
           std::int32_t* sums) {
  for (std::size_t i = 0; i < shape.m; ++i) {
    std::int32_t* row = sums + i * shape.sums_stride;
    std::fill_n(row, shape.n, 0);
    for (std::size_t k = 0; k < shape.k; k += kDepth) {
      std::array<const std::int8_t*, kDepth> rows{};
      std::array<std::int32_t, kDepth> factors{};
      for (std::size_t d = 0; d < kDepth; ++d) {
        const bool there = k + d < shape.k;  // past the end: a row times 0
        rows[d] = b + (there ? k + d : k) * shape.b_stride;
        factors[d] = there ? a[i * shape.a_stride + k + d] : 0;
      }
      add_rows(row, rows, factors, shape.n);
    }
  }
}

#if defined(__x86_64__)
namespace {

#define SYSTOL_DOT_PRODUCTS __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni")))

constexpr std::size_t kLanes = 16;  ///< int32 sums in a vector
constexpr std::size_t kVectors = 4;
constexpr std::size_t kColumns = kLanes * kVectors;  ///< of b that are multiplied together

/// Up to 64 columns of b, four rows side by side as the instruction wants them: byte d of
/// values[k / 4][column] is row k + d, zero where b has no more.
struct Panel {
  std::vector<std::uint32_t> values;
  std::array<std::int32_t, kColumns> start;  ///< what the sums start with
};

SYSTOL_PER_PROCESSOR void interleave(const std::uint8_t* __restrict rows,
                                     std::uint32_t* __restrict group) {
  for (std::size_t column = 0; column < kColumns; ++column) {
    group[column] = std::uint32_t{rows[column]} | std::uint32_t{rows[kColumns + column]} << 8 |
                    std::uint32_t{rows[2 * kColumns + column]} << 16 |
                    std::uint32_t{rows[3 * kColumns + column]} << 24;
  }
}

void fill(Panel& panel, const IntegerMatmulShape& shape, const std::int8_t* b, std::size_t width) {
  const std::size_t groups = (shape.k + kDepth - 1) / kDepth;
  panel.values.resize(groups * kColumns);
  std::array<std::uint8_t, kDepth * kColumns> rows{};
  for (std::size_t group = 0; group < groups; ++group) {
    const std::size_t depth = std::min(kDepth, shape.k - group * kDepth);
    if (depth < kDepth) {
      rows.fill(0);
    }
    for (std::size_t d = 0; d < depth; ++d) {
      std::memcpy(&rows[d * kColumns], b + (group * kDepth + d) * shape.b_stride, width);
    }
    interleave(rows.data(), &panel.values[group * kColumns]);
  }
}

/// Rows of a as unsigned bytes a + 128, padded to whole groups of four; and one row of zeros.
std::vector<std::uint8_t> unsigned_rows(const IntegerMatmulShape& shape, const std::int8_t* a,
                                        std::size_t stride) {
  std::vector<std::uint8_t> rows((shape.m + 1) * stride, 128);
  for (std::size_t i = 0; i < shape.m; ++i) {
    std::transform(a + i * shape.a_stride, a + i * shape.a_stride + shape.k, &rows[i * stride],
                   [](std::int8_t value) { return static_cast<std::uint8_t>(value ^ -128); });
  }
  return rows;
}

/// `Rows` rows of a by a panel; sums are [Rows][kColumns]. The sums are in registers all along,
/// if the loops over them are unrolled early.
template <std::size_t Rows>
SYSTOL_DOT_PRODUCTS void multiply_rows(const std::uint8_t* a, std::size_t stride,
                                       const Panel& panel, std::int32_t* sums) {
  __m512i sum[Rows][kVectors];
#pragma GCC unroll 8
  for (std::size_t v = 0; v < kVectors; ++v) {
    const __m512i start = _mm512_loadu_si512(&panel.start[v * kLanes]);
#pragma GCC unroll 8
    for (std::size_t row = 0; row < Rows; ++row) {
      sum[row][v] = start;
    }
  }
  const std::uint32_t* group = panel.values.data();
  for (std::size_t k = 0; k < stride; k += kDepth, group += kColumns) {
    __m512i b[kVectors];
#pragma GCC unroll 8
    for (std::size_t v = 0; v < kVectors; ++v) {
      b[v] = _mm512_loadu_si512(group + v * kLanes);
    }
#pragma GCC unroll 8
    for (std::size_t row = 0; row < Rows; ++row) {
      std::int32_t four = 0;
      std::memcpy(&four, a + row * stride + k, sizeof four);
      const __m512i factors = _mm512_set1_epi32(four);
#pragma GCC unroll 8
      for (std::size_t v = 0; v < kVectors; ++v) {
        sum[row][v] = _mm512_dpbusd_epi32(sum[row][v], factors, b[v]);
      }
    }
  }
#pragma GCC unroll 8
  for (std::size_t row = 0; row < Rows; ++row) {
#pragma GCC unroll 8
    for (std::size_t v = 0; v < kVectors; ++v) {
      _mm512_storeu_si512(sums + row * kColumns + v * kLanes, sum[row][v]);
    }
  }
}

/// Takes away beforehand what the 128 in every a + 128 adds: the sums of a row of zeros.
void start_at_zero(Panel& panel, const std::uint8_t* zeros, std::size_t stride) {
  std::array<std::int32_t, kColumns> sums;
  panel.start.fill(0);
  multiply_rows<1>(zeros, stride, panel, sums.data());
  std::ranges::transform(sums, panel.start.begin(), [](std::int32_t sum) {
    return static_cast<std::int32_t>(0U - static_cast<std::uint32_t>(sum));
  });
}

}  // namespace

bool has_dot_products() {
  return __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0 &&
         __builtin_cpu_supports("avx512vnni") != 0;
}

void dot_products(const IntegerMatmulShape& shape, const std::int8_t* a, const std::int8_t* b,
                  std::int32_t* sums) {
  static constexpr std::array kMultiply = {multiply_rows<1>, multiply_rows<2>, multiply_rows<3>,
                                           multiply_rows<4>, multiply_rows<5>, multiply_rows<6>};
  constexpr std::size_t kRows = kMultiply.size();
  const std::size_t stride = (shape.k + kDepth - 1) / kDepth * kDepth;
  const std::vector<std::uint8_t> rows = unsigned_rows(shape, a, stride);
  Panel panel;
  std::array<std::int32_t, kRows * kColumns> block;
  for (std::size_t column = 0; column < shape.n; column += kColumns) {
    const std::size_t width = std::min(kColumns, shape.n - column);
    fill(panel, shape, b + column, width);
    start_at_zero(panel, &rows[shape.m * stride], stride);
    for (std::size_t row = 0; row < shape.m; row += kRows) {
      const std::size_t height = std::min(kRows, shape.m - row);
      kMultiply[height - 1](&rows[row * stride], stride, panel, block.data());
      for (std::size_t i = 0; i < height; ++i) {
        std::copy_n(&block[i * kColumns], width, sums + (row + i) * shape.sums_stride + column);
      }
    }
  }
}

#else

bool has_dot_products() { return false; }
void dot_products(const IntegerMatmulShape& shape, const std::int8_t* a, const std::int8_t* b,
                  std::int32_t* sums) {
  plain(shape, a, b, sums);
}

#endif

}  // namespace systol::integer_matmul_paths
