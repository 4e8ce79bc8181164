#include "host/reference/distances.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "host/reference/per_processor.h"

namespace systol {
namespace {

SYSTOL_PER_PROCESSOR void take_away(std::int32_t* __restrict sums, std::int32_t x,
                                    const std::int8_t* __restrict weights, std::size_t count) {
  for (std::size_t j = 0; j < count; ++j) {
    sums[j] -= std::abs(x - weights[j]);
  }
}

SYSTOL_PER_PROCESSOR void take_away(double* __restrict sums, double x,
                                    const float* __restrict weights, std::size_t count) {
  for (std::size_t j = 0; j < count; ++j) {
    sums[j] -= std::abs(x - static_cast<double>(weights[j]));
  }
}

}  // namespace

void integer_distances(const IntegerMatmulShape& shape, const std::int8_t* a, const std::int8_t* b,
                       std::int32_t* sums) {
  for (std::size_t i = 0; i < shape.m; ++i) {
    std::int32_t* row = sums + i * shape.sums_stride;
    std::fill_n(row, shape.n, 0);
    for (std::size_t l = 0; l < shape.k; ++l) {
      take_away(row, a[i * shape.a_stride + l], b + l * shape.b_stride, shape.n);
    }
  }
}

void float_distances(const FloatMatmulShape& shape, const float* a, const float* b,
                     const float* bias, const float* scale, float* c) {
  std::vector<double> sums(shape.n);
  for (std::size_t i = 0; i < shape.m; ++i) {
    std::ranges::fill(sums, 0.0);
    for (std::size_t l = 0; l < shape.k; ++l) {
      take_away(sums.data(), static_cast<double>(a[i * shape.a_stride + l]), b + l * shape.b_stride,
                shape.n);
    }
    for (std::size_t j = 0; j < shape.n; ++j) {
      const double factor = scale == nullptr ? 1.0 : static_cast<double>(scale[j]);
      const double offset = bias == nullptr ? 0.0 : static_cast<double>(bias[j]);
      c[i * shape.c_stride + j] = static_cast<float>(sums[j] * factor + offset);
    }
  }
}

}  // namespace systol
