#include "host/train/distance_product.h"

#include <algorithm>
#include <cmath>

#include "sim/base/vectorised.h"

namespace systol {

SYSTOL_VECTORISED void add_distances(const ProductSize& shape, const float* __restrict a,
                                     const float* __restrict b, float* __restrict c) {
  for (std::size_t i = 0; i < shape.m; ++i) {
    float* sums = c + i * shape.n;
    std::fill_n(sums, shape.n, 0.0F);
    for (std::size_t l = 0; l < shape.k; ++l) {
      const float value = a[i * shape.k + l];
      const float* weights = b + l * shape.n;
      for (std::size_t j = 0; j < shape.n; ++j) {
        sums[j] -= std::fabs(value - weights[j]);
      }
    }
  }
}

}  // namespace systol
