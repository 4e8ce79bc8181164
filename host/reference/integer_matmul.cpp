#include "host/reference/integer_matmul.h"

#include <algorithm>
#include <future>
#include <vector>

namespace systol {
namespace {

using Path = void (*)(const IntegerMatmulShape& shape, const std::int8_t* a, const std::int8_t* b,
                      std::int32_t* sums);

Path path_of(const IntegerMatmulShape& shape) {
  // The matrix b must be rearranged for dot products, which pays only if several rows use it.
  constexpr std::size_t kFewestRows = 4;
  return shape.m >= kFewestRows && integer_matmul_paths::has_dot_products()
             ? integer_matmul_paths::dot_products
             : integer_matmul_paths::plain;
}

/// To start a thread costs about as much as this many products.
constexpr std::size_t kFewestProducts = std::size_t{1} << 22;

std::size_t parts_of(const IntegerMatmulShape& shape, unsigned threads) {
  const std::size_t worth = shape.m * shape.n * shape.k / kFewestProducts;
  return std::clamp<std::size_t>(worth, 1, std::max(threads, 1U));
}

}  // namespace

void integer_matmul(const IntegerMatmulShape& shape, const std::int8_t* a, const std::int8_t* b,
                    std::int32_t* sums, unsigned threads) {
  const std::size_t parts = parts_of(shape, threads);
  // The longer side is cut, as every part goes through the whole of the other matrix.
  const bool by_rows = shape.m >= shape.n;
  const std::size_t whole = by_rows ? shape.m : shape.n;
  const auto multiply = [&](std::size_t part) {
    const std::size_t first = whole * part / parts;
    IntegerMatmulShape slice = shape;
    (by_rows ? slice.m : slice.n) = whole * (part + 1) / parts - first;
    path_of(slice)(slice, a + (by_rows ? first * shape.a_stride : 0), b + (by_rows ? 0 : first),
                   sums + (by_rows ? first * shape.sums_stride : first));
  };
  std::vector<std::future<void>> others;
  for (std::size_t part = 1; part < parts; ++part) {
    others.push_back(std::async(std::launch::async, multiply, part));
  }
  multiply(0);
  for (std::future<void>& other : others) {
    other.get();  // throws what its part threw
  }
}

}  // namespace systol
