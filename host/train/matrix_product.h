// Products of matrices in the order of a systolic array.
#pragma once

#include <cstddef>
#include <vector>

#include "host/train/precision.h"

namespace systol {

/// a is [m][k], b is [k][n] or, transposed, [n][k]; the product is [m][n]. All are row-major.
struct ProductSize {
  std::size_t m = 0;
  std::size_t k = 0;
  std::size_t n = 0;
  bool transposed = false;
  auto operator<=>(const ProductSize&) const = default;
};

/// As a systolic array of bf16 PEs does it (docs/numerics.md): c[i][j] is the sum of pieces of the
/// depth, each of so many values as the array has rows that add up; a piece begins with 0 and takes
/// a[i][l] * b[l][j] for one l after the other, and the pieces are added to each other in their
/// order. Each product, which is exact but for the ends of float32's range, and each sum is rounded
/// once.
class MatrixProduct {
 public:
  /// Pieces of `piece` values; 0 is the whole depth.
  explicit MatrixProduct(Precision precision, std::size_t piece = 0)
      : precision_(precision), piece_(piece) {}

  /// Allocates only for shapes larger than all before.
  void multiply(const ProductSize& shape, const float* a, const float* b, float* c);

 private:
  Precision precision_;
  std::size_t piece_;
  std::vector<float> rows_;    ///< a, rounded
  std::vector<float> panels_;  ///< b, rounded, some columns of it
};

}  // namespace systol
