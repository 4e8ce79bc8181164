// Sums of distances in the form of matrix products: what a layer with the similarity l1 computes.
#pragma once

#include "host/train/multiplier.h"

namespace systol {

/// c[i][j] = the sum over l, in its order, of -|a[i][l] - b[l][j]|, in float32. b is not
/// transposed.
void add_distances(const ProductSize& shape, const float* a, const float* b, float* c);

}  // namespace systol
