// Whatever multiplies matrices for a GraphExecutor.
#pragma once

#include <cstddef>

namespace systol {

/// a is [m][k], b is [k][n] or, transposed, [n][k]; the product is [m][n]. All are row-major.
struct ProductSize {
  std::size_t m = 0;
  std::size_t k = 0;
  std::size_t n = 0;
  bool transposed = false;
  auto operator<=>(const ProductSize&) const = default;
};

class Multiplier {
 public:
  virtual ~Multiplier() = default;
  virtual void multiply(const ProductSize& shape, const float* a, const float* b, float* c) = 0;
};

}  // namespace systol
