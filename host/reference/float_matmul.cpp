#include "host/reference/float_matmul.h"

#include <algorithm>
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
