#include "host/reference/soft_matmul.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

#include "host/reference/each_sample.h"
#include "host/reference/soft_float.h"

namespace systol::soft_float {
namespace {

constexpr int kSumPlaces = 24;
/// A product so many places below a sum's last one does not change it: it has 16 of them, and
/// counts from a quarter of the last on.
constexpr int kFar = 32;

/// (-1)^negative * magnitude * 2^(exponent - 150), rounded.
struct Rounded {
  std::uint32_t bits = 0;
  bool normal = false;  ///< otherwise it is another number than `bits`
};
Rounded rounded(bool negative, std::uint64_t magnitude, int exponent) {
  const int over = static_cast<int>(std::bit_width(magnitude)) - kSumPlaces;
  if (over > 0) {
    const std::uint64_t half = std::uint64_t{1} << (over - 1);
    magnitude = (magnitude + half - 1 + (magnitude >> over & 1)) >> over;
  } else {
    magnitude <<= -over;
  }
  // The first of the 24 places is the last of the exponent, so that rounding up to 2^24 carries.
  const int stored = exponent + over - 1;
  const auto bits =
      (static_cast<std::uint32_t>(stored) << 23) + static_cast<std::uint32_t>(magnitude);
  return {bits | (negative ? 0x80000000U : 0U), stored >= 0 && stored < 253};
}

/// A product of two normal numbers, where it is a normal fp32: (-1)^negative * magnitude *
/// 2^(exponent - 150).
struct Product {
  bool negative;
  std::int64_t magnitude;
  int exponent;
  bool normal;
};
Product product_of(std::uint32_t a, std::uint32_t b) {
  const std::uint32_t a_exponent = a >> 7 & 0xffU;
  const std::uint32_t b_exponent = b >> 7 & 0xffU;
  const int exponent = static_cast<int>(a_exponent + b_exponent) - 118;
  return {((a ^ b) & 0x8000U) != 0, std::int64_t{(a & 0x7fU) | 0x80U} * ((b & 0x7fU) | 0x80U),
          exponent,
          a_exponent - 1 < 254 && b_exponent - 1 < 254 && exponent >= 10 && exponent <= 262};
}

bool is_zero(std::uint32_t half) { return (half & 0x7fffU) == 0; }
bool is_finite(std::uint32_t half) { return (half & 0x7f80U) != 0x7f80U; }

/// One sum of the array: a and b have `shape.depth` values.
std::uint32_t dot(const SoftMatmul& shape, const std::uint16_t* a, const std::uint16_t* b) {
  std::uint32_t total = 0;
  for (std::size_t first = 0; first < shape.depth; first += shape.piece) {
    std::uint32_t sum = 0;
    for (std::size_t l = first; l < std::min(shape.depth, first + shape.piece); ++l) {
      sum = quick_multiply_add(sum, a[l], b[l]);
    }
    total = first == 0 ? sum : add(total, sum);
  }
  return total;
}

}  // namespace

std::uint32_t quick_multiply_add(std::uint32_t sum, std::uint16_t a, std::uint16_t b) {
  const std::uint32_t sum_exponent = sum >> 23 & 0xffU;
  const bool normal_sum = sum_exponent - 1 < 254;
  if ((is_zero(a) && is_finite(b)) || (is_zero(b) && is_finite(a))) {
    return normal_sum || sum == 0 ? sum : multiply_add(sum, a, b);
  }
  const Product product = product_of(a, b);
  if (!product.normal || !(normal_sum || sum == 0)) {
    return multiply_add(sum, a, b);
  }
  if (sum == 0) {
    const auto magnitude = static_cast<std::uint64_t>(product.magnitude);
    return rounded(product.negative, magnitude, product.exponent).bits;
  }
  const int distance = static_cast<int>(sum_exponent) - product.exponent;
  if (distance > kFar) {
    return sum;
  }
  if (distance < -kFar) {
    return multiply_add(sum, a, b);
  }
  // Both in units of the smaller exponent, which 24 and 32 places leave in an integer.
  const std::int64_t magnitude = (sum & 0x7fffffU) | 0x800000U;
  const std::int64_t left = sum >> 31 != 0 ? -magnitude : magnitude;
  const std::int64_t right = product.negative ? -product.magnitude : product.magnitude;
  const std::int64_t exact = distance >= 0 ? left * (std::int64_t{1} << distance) + right
                                           : left + right * (std::int64_t{1} << -distance);
  if (exact == 0) {
    return 0;
  }
  const Rounded result = rounded(exact < 0, static_cast<std::uint64_t>(exact < 0 ? -exact : exact),
                                 std::min(static_cast<int>(sum_exponent), product.exponent));
  return result.normal ? result.bits : multiply_add(sum, a, b);
}

void multiply(const SoftMatmul& shape, std::span<const std::uint16_t> a,
              std::span<const std::uint16_t> b, std::span<std::uint32_t> c, unsigned threads) {
  if (shape.piece == 0 || a.size() != shape.rows * shape.depth ||
      b.size() != shape.columns * shape.depth || c.size() != shape.rows * shape.columns) {
    throw std::invalid_argument("matrices of other sizes than the product's");
  }
  constexpr std::size_t kCost = 8;  // of a product, in additions
  each_sample(shape.rows, kCost * c.size() * shape.depth, threads, [&](std::size_t i, unsigned) {
    for (std::size_t j = 0; j < shape.columns; ++j) {
      c[i * shape.columns + j] = dot(shape, &a[i * shape.depth], &b[j * shape.depth]);
    }
  });
}

}  // namespace systol::soft_float
