#include "host/train/matrix_product.h"

#include <algorithm>
#include <cstring>

#include "sim/base/bf16.h"
#include "sim/base/vectorised.h"

namespace systol {
namespace {

/// Sums that are in registers at once.
constexpr std::size_t kRows = 6;
constexpr std::size_t kColumns = 16;

using PanelRow = float __attribute__((vector_size(kColumns * sizeof(float))));

/// sums[i][j] for kRows rows of a, which are `depth` apart, and a panel [depth][kColumns] of b.
SYSTOL_VECTORISED void multiply_block(std::size_t depth, std::size_t piece,
                                      const float* __restrict rows, const float* __restrict panel,
                                      float* __restrict sums) {
  for (std::size_t first = 0; first < depth; first += piece) {
    const std::size_t end = std::min(depth, first + piece);
    PanelRow sum[kRows] = {};
    for (std::size_t l = first; l < end; ++l) {
      PanelRow right;
      std::memcpy(&right, panel + l * kColumns, sizeof right);
#pragma GCC unroll 8
      for (std::size_t i = 0; i < kRows; ++i) {
        sum[i] += rows[i * depth + l] * right;
      }
    }
#pragma GCC unroll 8
    for (std::size_t i = 0; i < kRows; ++i) {
      if (first != 0) {
        PanelRow total;
        std::memcpy(&total, sums + i * kColumns, sizeof total);
        sum[i] = total + sum[i];
      }
      std::memcpy(sums + i * kColumns, &sum[i], sizeof sum[i]);
    }
  }
}

void copy_row(Precision precision, const float* from, std::size_t count, float* to) {
  if (precision == Precision::Float32) {
    std::copy_n(from, count, to);
    return;
  }
  for (std::size_t i = 0; i < count; ++i) {
    to[i] = rounded_to_bf16(from[i]);
  }
}

/// The columns from `first` on as [k][kColumns]; those that are missing are zeros.
void pack_panel(Precision precision, const ProductSize& shape, const float* b, std::size_t first,
                float* panel) {
  const std::size_t width = std::min(kColumns, shape.n - first);
  for (std::size_t l = 0; l < shape.k; ++l, panel += kColumns) {
    if (shape.transposed) {
      for (std::size_t j = 0; j < width; ++j) {
        const float value = b[(first + j) * shape.k + l];
        panel[j] = precision == Precision::Float32 ? value : rounded_to_bf16(value);
      }
    } else {
      copy_row(precision, b + l * shape.n + first, width, panel);
    }
    std::fill(panel + width, panel + kColumns, 0.0F);
  }
}

}  // namespace

void MatrixProduct::multiply(const ProductSize& shape, const float* a, const float* b, float* c) {
  const std::size_t piece = piece_ == 0 ? shape.k : piece_;
  const std::size_t padded = (shape.m + kRows - 1) / kRows * kRows;
  rows_.resize(std::max(rows_.size(), padded * shape.k));
  copy_row(precision_, a, shape.m * shape.k, rows_.data());
  std::fill_n(rows_.data() + shape.m * shape.k, (padded - shape.m) * shape.k, 0.0F);
  panels_.resize(std::max(panels_.size(), shape.k * kColumns));
  float sums[kRows * kColumns];
  for (std::size_t column = 0; column < shape.n; column += kColumns) {
    const std::size_t width = std::min(kColumns, shape.n - column);
    pack_panel(precision_, shape, b, column, panels_.data());
    for (std::size_t row = 0; row < shape.m; row += kRows) {
      multiply_block(shape.k, piece, rows_.data() + row * shape.k, panels_.data(), sums);
      for (std::size_t i = 0; i < std::min(kRows, shape.m - row); ++i) {
        std::copy_n(sums + i * kColumns, width, c + (row + i) * shape.n + column);
      }
    }
  }
}

}  // namespace systol
