// Products of matrices in the order of a systolic array.
#pragma once

#include <cstddef>
#include <vector>

#include "host/train/multiplier.h"
#include "host/train/precision.h"

namespace systol {

/// As a systolic array of bf16 PEs does it (docs/numerics.md): c[i][j] is the sum of pieces of the
/// depth, each of so many values as the array has rows that add up; a piece begins with 0 and takes
/// a[i][l] * b[l][j] for one l after the other, and the pieces are added to each other in their
/// order. Each product, which is exact but for the ends of float32's range, and each sum is rounded
/// once.
class MatrixProduct : public Multiplier {
 public:
  /// Pieces of `piece` values; 0 is the whole depth.
  explicit MatrixProduct(Precision precision, std::size_t piece = 0)
      : precision_(precision), piece_(piece) {}

  /// Allocates only for shapes larger than all before.
  void multiply(const ProductSize& shape, const float* a, const float* b, float* c) override;

 private:
  Precision precision_;
  std::size_t piece_;
  std::vector<float> rows_;    ///< a, rounded
  std::vector<float> panels_;  ///< b, rounded, some columns of it
};

}  // namespace systol
