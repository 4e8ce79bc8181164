#include "host/reference/float_matmul.h"

#include <algorithm>
#include <array>
#include <vector>

#include "host/reference/per_processor.h"

namespace systol {
namespace {

constexpr std::size_t kWidth = 8;  ///< doubles in a vector
using DoubleVector =
    double __attribute__((vector_size(kWidth * sizeof(double)), aligned(8), may_alias));

/// Sums that are in registers at once: 6 rows of 16.
constexpr std::size_t kBlockRows = 6;
constexpr std::size_t kPanelColumns = 2 * kWidth;
constexpr std::size_t kChunk = 1024;  ///< columns of a single row that are summed at once
/// Values of a that are packed at once: b is packed anew for each such part.
constexpr std::size_t kPackedValues = std::size_t{1} << 18;

/// sums[row][column] += the sum over l of rows[l][row] * panel[l][column]
SYSTOL_PER_PROCESSOR void multiply_block(std::size_t k, const double* __restrict rows,
                                         const double* __restrict panel, double* __restrict sums) {
  DoubleVector sum[kBlockRows][2];
  auto* vectors = reinterpret_cast<DoubleVector*>(sums);
#pragma GCC unroll 8
  for (std::size_t row = 0; row < kBlockRows; ++row) {
    sum[row][0] = vectors[2 * row];
    sum[row][1] = vectors[2 * row + 1];
  }
  for (std::size_t l = 0; l < k; ++l, rows += kBlockRows, panel += kPanelColumns) {
    const DoubleVector left = *reinterpret_cast<const DoubleVector*>(panel);
    const DoubleVector right = *reinterpret_cast<const DoubleVector*>(panel + kWidth);
#pragma GCC unroll 8
    for (std::size_t row = 0; row < kBlockRows; ++row) {
      sum[row][0] += rows[row] * left;
      sum[row][1] += rows[row] * right;
    }
  }
#pragma GCC unroll 8
  for (std::size_t row = 0; row < kBlockRows; ++row) {
    vectors[2 * row] = sum[row][0];
    vectors[2 * row + 1] = sum[row][1];
  }
}

/// Rows of a, in blocks [k][6]; rows that are missing are zeros.
std::vector<double> packed_rows(const FloatMatmulShape& shape, const float* a, std::size_t count) {
  const std::size_t blocks = (count + kBlockRows - 1) / kBlockRows;
  std::vector<double> packed(blocks * kBlockRows * shape.k);
  for (std::size_t row = 0; row < count; ++row) {
    const float* from = a + row * shape.a_stride;
    double* to = packed.data() + row / kBlockRows * kBlockRows * shape.k + row % kBlockRows;
    for (std::size_t l = 0; l < shape.k; ++l) {
      to[l * kBlockRows] = from[l];
    }
  }
  return packed;
}

/// `width` columns of b as [k][16]; columns that are missing are zeros.
void pack_panel(const FloatMatmulShape& shape, const float* b, std::size_t width,
                std::vector<double>& panel) {
  panel.assign(shape.k * kPanelColumns, 0.0);
  for (std::size_t l = 0; l < shape.k; ++l) {
    std::copy_n(b + l * shape.b_stride, width, panel.data() + l * kPanelColumns);
  }
}

/// sums[j] += the sum over four rows l of a[l] * b[l][j], one row after the other.
SYSTOL_PER_PROCESSOR void add_four_rows(const float* __restrict a, const float* __restrict b,
                                        std::size_t stride, double* __restrict sums,
                                        std::size_t count) {
  for (std::size_t j = 0; j < count; ++j) {
    double sum = sums[j];
    sum += static_cast<double>(a[0]) * static_cast<double>(b[j]);
    sum += static_cast<double>(a[1]) * static_cast<double>(b[j + stride]);
    sum += static_cast<double>(a[2]) * static_cast<double>(b[j + 2 * stride]);
    sum += static_cast<double>(a[3]) * static_cast<double>(b[j + 3 * stride]);
    sums[j] = sum;
  }
}

SYSTOL_PER_PROCESSOR void add_row(float a, const float* __restrict b, double* __restrict sums,
                                  std::size_t count) {
  for (std::size_t j = 0; j < count; ++j) {
    sums[j] += static_cast<double>(a) * static_cast<double>(b[j]);
  }
}

/// One row, for which packing b would take longer than the product.
void multiply_row(const FloatMatmulShape& shape, const float* a, const float* b, const float* bias,
                  float* c) {
  std::array<double, kChunk> sums{};
  for (std::size_t column = 0; column < shape.n; column += kChunk) {
    const std::size_t width = std::min(kChunk, shape.n - column);
    if (bias == nullptr) {
      std::fill_n(sums.begin(), width, 0.0);
    } else {
      std::copy_n(bias + column, width, sums.begin());
    }
    const std::size_t fours = shape.k / 4 * 4;
    for (std::size_t l = 0; l < fours; l += 4) {
      add_four_rows(a + l, b + l * shape.b_stride + column, shape.b_stride, sums.data(), width);
    }
    for (std::size_t l = fours; l < shape.k; ++l) {
      add_row(a[l], b + l * shape.b_stride + column, sums.data(), width);
    }
    std::transform(sums.begin(), sums.begin() + static_cast<std::ptrdiff_t>(width), c + column,
                   [](double sum) { return static_cast<float>(sum); });
  }
}

/// As many rows as `shape` has.
void multiply_rows_of(const FloatMatmulShape& shape, const float* a, const float* b,
                      const float* bias, float* c) {
  const std::vector<double> rows = packed_rows(shape, a, shape.m);
  std::vector<double> panel;
  for (std::size_t column = 0; column < shape.n; column += kPanelColumns) {
    const std::size_t width = std::min(kPanelColumns, shape.n - column);
    pack_panel(shape, b + column, width, panel);
    for (std::size_t row = 0; row < shape.m; row += kBlockRows) {
      double sums[kBlockRows * kPanelColumns] = {};
      for (std::size_t i = 0; bias != nullptr && i < kBlockRows; ++i) {
        std::copy_n(bias + column, width, sums + i * kPanelColumns);
      }
      multiply_block(shape.k, rows.data() + row * shape.k, panel.data(), sums);
      for (std::size_t i = 0; i < std::min(kBlockRows, shape.m - row); ++i) {
        std::transform(sums + i * kPanelColumns, sums + i * kPanelColumns + width,
                       c + (row + i) * shape.c_stride + column,
                       [](double sum) { return static_cast<float>(sum); });
      }
    }
  }
}

SYSTOL_PER_PROCESSOR void add(const float* __restrict a, const float* __restrict b,
                              double* __restrict sums, std::size_t count) {
  for (std::size_t j = 0; j < count; ++j) {
    sums[j] += static_cast<double>(a[j]) * static_cast<double>(b[j]);
  }
}

}  // namespace

void float_matmul(const FloatMatmulShape& shape, const float* a, const float* b, const float* bias,
                  float* c) {
  if (shape.m == 1) {
    multiply_row(shape, a, b, bias, c);
    return;
  }
  const std::size_t most =
      std::max(kPackedValues / std::max<std::size_t>(shape.k, 1) / kBlockRows, std::size_t{8}) *
      kBlockRows;
  for (std::size_t row = 0; row < shape.m; row += most) {
    FloatMatmulShape part = shape;
    part.m = std::min(most, shape.m - row);
    multiply_rows_of(part, a + row * shape.a_stride, b, bias, c + row * shape.c_stride);
  }
}

void add_products(const float* a, const float* b, double* sums, std::size_t count) {
  add(a, b, sums, count);
}

}  // namespace systol
