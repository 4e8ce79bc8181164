#include "host/reference/float_matmul.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "host/reference/per_processor.h"

namespace systol {
namespace {

constexpr std::size_t kWidth = 8;  ///< doubles in a vector
using DoubleVector =
    double __attribute__((vector_size(kWidth * sizeof(double)), aligned(8), may_alias));
using FloatVector =
    float __attribute__((vector_size(kWidth * sizeof(float)), aligned(4), may_alias));

/// Sums that are in registers at once: 6 rows of 16.
constexpr std::size_t kBlockRows = 6;
constexpr std::size_t kPanelColumns = 2 * kWidth;
constexpr std::size_t kDepth = 128;   ///< products of a sum before the next sums get their turn
constexpr std::size_t kPanels = 4;    ///< of b that are packed at once
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
std::vector<double> packed_rows(const FloatMatmulShape& shape, const float* a) {
  const std::size_t blocks = (shape.m + kBlockRows - 1) / kBlockRows;
  std::vector<double> packed(blocks * kBlockRows * shape.k);
  for (std::size_t block = 0; block < blocks; ++block) {
    const float* from = a + block * kBlockRows * shape.a_stride;
    double* to = packed.data() + block * kBlockRows * shape.k;
    const std::size_t count = std::min(kBlockRows, shape.m - block * kBlockRows);
    for (std::size_t l = 0; l < shape.k; ++l) {
      for (std::size_t row = 0; row < count; ++row) {
        to[l * kBlockRows + row] = from[row * shape.a_stride + l];
      }
    }
  }
  return packed;
}

/// Columns of b that are packed together, as [panel][kDepth][16]: rows of b are far apart.
using Panels = std::array<double, kPanels * kDepth * kPanelColumns>;

/// `depth` rows of b, `width` columns of each; columns that are missing are zeros.
SYSTOL_PER_PROCESSOR void pack_panels(const float* __restrict b, std::size_t stride,
                                      std::size_t depth, std::size_t width,
                                      double* __restrict panels) {
  for (std::size_t l = 0; l < depth; ++l, b += stride, panels += kPanelColumns) {
    std::size_t column = 0;
    double* to = panels;
    for (; column + kPanelColumns <= width; column += kPanelColumns) {
      for (std::size_t j = 0; j < kPanelColumns; ++j) {
        to[j] = static_cast<double>(b[column + j]);
      }
      to += kDepth * kPanelColumns;
    }
    for (std::size_t j = 0; column < width && j < kPanelColumns; ++j) {
      to[j] = column + j < width ? static_cast<double>(b[column + j]) : 0.0;
    }
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

/// The products of as many rows as `shape` has and of `width` columns are added to `sums`,
/// [panel][rows in whole blocks][16]; `rows` are packed. The depth is gone through in parts, so
/// that a panel stays in the nearest cache.
void multiply_panels(const FloatMatmulShape& shape, const std::vector<double>& rows, const float* b,
                     std::size_t width, std::vector<double>& sums) {
  alignas(kPanelColumns * sizeof(float)) Panels panels;
  const std::size_t panel_sums = sums.size() / kPanels;
  for (std::size_t first = 0; first < shape.k; first += kDepth) {
    const std::size_t depth = std::min(kDepth, shape.k - first);
    pack_panels(b + first * shape.b_stride, shape.b_stride, depth, width, panels.data());
    for (std::size_t panel = 0; panel * kPanelColumns < width; ++panel) {
      for (std::size_t row = 0; row < shape.m; row += kBlockRows) {
        multiply_block(depth, rows.data() + row * shape.k + first * kBlockRows,
                       panels.data() + panel * kDepth * kPanelColumns,
                       sums.data() + panel * panel_sums + row * kPanelColumns);
      }
    }
  }
}

/// As many rows as `shape` has.
void multiply_rows_of(const FloatMatmulShape& shape, const float* a, const float* b,
                      const float* bias, float* c) {
  const std::vector<double> rows = packed_rows(shape, a);
  const std::size_t panel_sums =
      (shape.m + kBlockRows - 1) / kBlockRows * kBlockRows * kPanelColumns;
  std::vector<double> sums(kPanels * panel_sums);
  const auto each_row = [&](std::size_t first, std::size_t end, auto&& visit) {
    for (std::size_t column = first; column < end; column += kPanelColumns) {
      double* row_sums = sums.data() + (column - first) / kPanelColumns * panel_sums;
      for (std::size_t row = 0; row < shape.m; ++row, row_sums += kPanelColumns) {
        visit(row, column, std::min(kPanelColumns, end - column), row_sums);
      }
    }
  };
  for (std::size_t first = 0; first < shape.n; first += kPanels * kPanelColumns) {
    const std::size_t end = std::min(first + kPanels * kPanelColumns, shape.n);
    std::ranges::fill(sums, 0.0);
    if (bias != nullptr) {
      each_row(first, end, [&](std::size_t, std::size_t column, std::size_t width, double* to) {
        std::copy_n(bias + column, width, to);
      });
    }
    multiply_panels(shape, rows, b + first, end - first, sums);
    each_row(first, end, [&](std::size_t row, std::size_t column, std::size_t width, double* from) {
      std::transform(from, from + width, c + row * shape.c_stride + column,
                     [](double sum) { return static_cast<float>(sum); });
    });
  }
}

/// Rows of b whose sums are made side by side: one waits for its products, and for its lanes.
constexpr std::size_t kDots = 4;

/// Of kDots rows of `count` values, each in as many sums as a vector has lanes.
SYSTOL_PER_PROCESSOR void dots(const float* __restrict a, const float* __restrict b,
                               std::size_t count, double* __restrict result) {
  DoubleVector sums[kDots]{};
  const std::size_t whole = count / kWidth * kWidth;
  for (std::size_t l = 0; l < whole; l += kWidth) {
    FloatVector left;
    std::memcpy(&left, a + l, sizeof left);
#pragma GCC unroll 4
    for (std::size_t row = 0; row < kDots; ++row) {
      FloatVector right;
      std::memcpy(&right, b + row * count + l, sizeof right);
      sums[row] += __builtin_convertvector(left, DoubleVector) *
                   __builtin_convertvector(right, DoubleVector);
    }
  }
#pragma GCC unroll 4
  for (std::size_t row = 0; row < kDots; ++row) {
    double sum = 0.0;
    for (std::size_t lane = 0; lane < kWidth; ++lane) {
      sum += sums[row][lane];
    }
    for (std::size_t l = whole; l < count; ++l) {
      sum += static_cast<double>(a[l]) * static_cast<double>(b[row * count + l]);
    }
    result[row] = sum;
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

void float_row_transposed(const float* a, const float* b, std::size_t n, std::size_t k,
                          const float* bias, float* c) {
  std::array<double, kDots> sums{};
  std::vector<float> rest;
  for (std::size_t first = 0; first < n; first += kDots) {
    const std::size_t count = std::min(kDots, n - first);
    const float* rows = b + first * k;
    if (count < kDots) {  // rows that are missing are zeros
      rest.assign(rows, rows + count * k);
      rest.resize(kDots * k);
      rows = rest.data();
    }
    dots(a, rows, k, sums.data());
    for (std::size_t j = first; j < first + count; ++j) {
      const double sum = sums[j - first];
      c[j] = static_cast<float>(bias == nullptr ? sum : sum + static_cast<double>(bias[j]));
    }
  }
}

void add_products(const float* a, const float* b, double* sums, std::size_t count) {
  add(a, b, sums, count);
}

}  // namespace systol
