// Products of float32 matrices with sums in double.
#pragma once

#include <cstddef>

namespace systol {

/// Sizes and strides (in elements): a is [m][k], b is [k][n], the products are [m][n], row-major.
struct FloatMatmulShape {
  std::size_t m = 0;
  std::size_t n = 0;
  std::size_t k = 0;
  std::size_t a_stride = 0;
  std::size_t b_stride = 0;
  std::size_t c_stride = 0;
};

/// c[i][j] = bias[j] + the sum over l, in its order, of a[i][l] * b[l][j]; a null `bias` is zeros.
/// Each product is exact in double, so that every processor computes the same.
void float_matmul(const FloatMatmulShape& shape, const float* a, const float* b, const float* bias,
                  float* c);

/// Of a single row: c[j] = the sum over l of a[l] * b[j][l], where b is [n][k], plus bias[j].
/// Products are added in eight sums, and these from the first to the last.
void float_row_transposed(const float* a, const float* b, std::size_t n, std::size_t k,
                          const float* bias, float* c);

/// sums[j] += a[j] * b[j]
void add_products(const float* a, const float* b, double* sums, std::size_t count);

}  // namespace systol
