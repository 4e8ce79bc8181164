#include "sim/fast/row_product.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <stdexcept>

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace systol {

#ifdef __x86_64__

namespace {

#define SYSTOL_BYTE_PRODUCTS __attribute__((target("avx512f,avx512bw,avx512vnni")))

constexpr std::size_t kColumnsInRegister = 64;  ///< of bytes in a register
constexpr std::size_t kDepth = 4;               ///< products that an instruction adds up
constexpr std::size_t kParts = 4;               ///< registers of sums

/// Four rows of the matrix as unsigned bytes b + 128. Rows that are not there are any.
struct FourRows {
  __m512i row[kDepth];
};

SYSTOL_BYTE_PRODUCTS inline FourRows four_rows(const std::int8_t* b, std::size_t stride,
                                               std::size_t count, __mmask64 columns) {
  FourRows rows;
  for (std::size_t r = 0; r < kDepth; ++r) {
    const std::int8_t* row = b + std::min(r, count - 1) * stride;
    rows.row[r] = _mm512_xor_si512(_mm512_maskz_loadu_epi8(columns, row), _mm512_set1_epi8(-128));
  }
  return rows;
}

/// Adds to `sums` the products with four values of a. Bytes of one column are brought together
/// within each 128 bits: part p has columns 16 i + 4 p to 16 i + 4 p + 3, for i from 0 to 3.
SYSTOL_BYTE_PRODUCTS inline void add_products(const FourRows& b, __m512i a, __m512i* sums) {
  const __m512i low01 = _mm512_unpacklo_epi8(b.row[0], b.row[1]);
  const __m512i high01 = _mm512_unpackhi_epi8(b.row[0], b.row[1]);
  const __m512i low23 = _mm512_unpacklo_epi8(b.row[2], b.row[3]);
  const __m512i high23 = _mm512_unpackhi_epi8(b.row[2], b.row[3]);
  sums[0] = _mm512_dpbusd_epi32(sums[0], _mm512_unpacklo_epi16(low01, low23), a);
  sums[1] = _mm512_dpbusd_epi32(sums[1], _mm512_unpackhi_epi16(low01, low23), a);
  sums[2] = _mm512_dpbusd_epi32(sums[2], _mm512_unpacklo_epi16(high01, high23), a);
  sums[3] = _mm512_dpbusd_epi32(sums[3], _mm512_unpackhi_epi16(high01, high23), a);
}

/// In the order of the columns.
SYSTOL_BYTE_PRODUCTS inline void put_in_order(const __m512i* parts, std::int32_t* sums) {
  std::array<std::int32_t, kParts * 16> values;
  for (std::size_t part = 0; part < kParts; ++part) {
    _mm512_storeu_si512(&values[part * 16], parts[part]);
  }
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t part = 0; part < kParts; ++part) {
      std::copy_n(&values[part * 16 + 4 * i], 4, sums + 16 * i + 4 * part);
    }
  }
}

/// Of `width` columns, at most kColumnsInRegister. Sums start at `start`.
SYSTOL_BYTE_PRODUCTS void multiply_columns(const GemmLayout& shape, const std::int8_t* a,
                                           const std::int8_t* b, std::size_t width,
                                           std::int32_t start, std::int32_t* sums) {
  const __mmask64 columns = ~std::uint64_t{0} >> (kColumnsInRegister - width);
  __m512i parts[kParts];
  for (__m512i& part : parts) {
    part = _mm512_set1_epi32(start);
  }
  for (std::size_t k = 0; k < shape.k; k += kDepth) {
    const std::size_t depth = std::min(kDepth, shape.k - k);
    std::int32_t four = 0;
    std::memcpy(&four, a + k, depth);
    const std::int8_t* rows = b + k * shape.b_stride;
    for (std::size_t r = 0; r < kDepth; ++r) {
      fetch_ahead(rows + r * shape.b_stride, shape.b_stride, width);
    }
    add_products(four_rows(rows, shape.b_stride, depth, columns), _mm512_set1_epi32(four), parts);
  }
  put_in_order(parts, sums);
}

}  // namespace

bool has_row_product() {
  static const bool has =
      __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vnni") != 0;
  return has;
}

/// Each byte of b has 128 too much, which is taken away beforehand. Sums wrap.
void row_product(const GemmLayout& shape, const std::int8_t* a, const std::int8_t* b,
                 std::int32_t* c) {
  const auto total = std::accumulate(
      a, a + shape.k, std::uint32_t{0},
      [](std::uint32_t sum, std::int8_t value) { return sum + static_cast<std::uint32_t>(value); });
  const auto start = static_cast<std::int32_t>(0U - 128U * total);
  std::array<std::int32_t, kColumnsInRegister> sums;
  for (std::size_t column = 0; column < shape.n; column += kColumnsInRegister) {
    const std::size_t width = std::min(kColumnsInRegister, shape.n - column);
    multiply_columns(shape, a, b + column, width, start, sums.data());
    for (std::size_t j = 0; j < width; ++j) {
      const auto before = static_cast<std::uint32_t>(shape.add ? c[column + j] : 0);
      c[column + j] = static_cast<std::int32_t>(before + static_cast<std::uint32_t>(sums[j]));
    }
  }
}

#else

bool has_row_product() { return false; }
void row_product(const GemmLayout&, const std::int8_t*, const std::int8_t*, std::int32_t*) {
  throw std::logic_error("row_product: this processor does not have the instructions");
}

#endif

}  // namespace systol
