// Products of int8 matrices for the reference: as fast as the processor allows, and sharing nothing
// with what it checks. It includes nothing of sim/ or hw/.
#pragma once

#include <cstddef>
#include <cstdint>

namespace systol {

/// Sizes and strides (in elements): a is [m][k], b is [k][n], the sums are [m][n], all row-major.
struct IntegerMatmulShape {
  std::size_t m = 0;
  std::size_t n = 0;
  std::size_t k = 0;
  std::size_t a_stride = 0;
  std::size_t b_stride = 0;
  std::size_t sums_stride = 0;
};

/// sums[i][j] = the sum over l of a[i][l] * b[l][j], modulo 2^32, on up to `threads` threads of its
/// own; a small product is made on the caller's alone. The sums must not overlap a or b.
void integer_matmul(const IntegerMatmulShape& shape, const std::int8_t* a, const std::int8_t* b,
                    std::int32_t* sums, unsigned threads);

/// The two ways in which a product is made, for the tests; the sums of both are the same.
namespace integer_matmul_paths {

/// Loops that any processor has.
void plain(const IntegerMatmulShape& shape, const std::int8_t* a, const std::int8_t* b,
           std::int32_t* sums);

/// Whether this processor has the instructions of dot_products (AVX-512 VNNI).
bool has_dot_products();
void dot_products(const IntegerMatmulShape& shape, const std::int8_t* a, const std::int8_t* b,
                  std::int32_t* sums);

}  // namespace integer_matmul_paths

}  // namespace systol
