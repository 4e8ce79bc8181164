// Bits of operands, counted in rows and columns of matrices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace systol {

/// counts[i] += bits of a[i] ^ b[i], signs[i] += its highest bit; at most kRowsPerByte times before
/// a count no longer fits.
void count_toggles(const std::int8_t* __restrict a, const std::int8_t* __restrict b,
                   std::uint8_t* __restrict counts, std::uint8_t* __restrict signs,
                   std::size_t size);
inline constexpr std::size_t kRowsPerByte = 31;

/// Bits that differ.
std::uint64_t toggles(const std::int8_t* a, const std::int8_t* b, std::size_t size);
/// Bits that are 1.
std::uint64_t bits(const std::int8_t* values, std::size_t size);
/// Bits that are 1 in both.
std::uint64_t common_bits(const std::int8_t* a, const std::int8_t* b, std::size_t size);

/// What is counted in a row of up to kMostCounted values, whatever it meets.
struct RowCounts {
  std::uint32_t squares = 0;  ///< their sum
  std::uint16_t nonzero = 0;
  std::uint16_t bits = 0;     ///< that are 1
  std::uint16_t negated = 0;  ///< bits that are 1 in the negatives, of 9 bits
};
inline constexpr std::size_t kMostCounted = UINT16_MAX / 9;
RowCounts row_counts(const std::int8_t* values, std::size_t size);
/// Bits that are 1 in both of two rows, and in the negatives of both.
struct CommonOnes {
  std::uint16_t bits = 0;
  std::uint16_t negated = 0;
};
CommonOnes common_ones(const std::int8_t* a, const std::int8_t* b, std::size_t size);

/// Row by row, the ones of the weights that were, of those that are, and in common.
struct RowOnes {
  std::span<const std::uint16_t> before;
  std::span<const std::uint16_t> now;
  std::span<const std::uint16_t> both;
};
/// Pairs of ones that come or go in the first `lanes` lanes, whose activations go from `before` to
/// `now`: |a0||w0| + |a1||w1| - 2 |a0 & a1||w0 & w1|. To the second function an activation's sign
/// is its only bit.
std::uint64_t changed_pairs(const std::int8_t* before, const std::int8_t* now,
                            const RowOnes& weights, std::size_t lanes);
std::uint64_t changed_sign_pairs(const std::int8_t* before, const std::int8_t* now,
                                 const RowOnes& weights, std::size_t lanes);

/// Ones of values, of their negatives of 9 bits, and of both in common with the values before.
struct OperandOnes {
  std::uint64_t bits = 0;
  std::uint64_t negated = 0;
  std::uint64_t common_bits = 0;
  std::uint64_t common_negated = 0;
};
OperandOnes ones(const std::int8_t* before, const std::int8_t* now, std::size_t size);

/// Values below 0.
std::uint64_t signs(const std::int8_t* values, std::size_t size);
/// How often two of them that stand at the same place both are.
std::uint64_t common_signs(const std::int8_t* a, const std::int8_t* b, std::size_t size);
/// Values that are not 0.
std::uint64_t nonzero(const std::int8_t* values, std::size_t size);
/// Values that are `value`.
std::uint64_t equal_to(std::int8_t value, const std::int8_t* values, std::size_t size);

/// Lane by lane, how many bits, and how many signs, change.
struct LaneToggles {
  std::vector<std::uint32_t> bits;
  std::vector<std::uint32_t> signs;
};

/// Lane by lane over the rows of a matrix: the sum of squares, and of products with the row before.
struct LaneMoments {
  std::vector<double> squares;
  std::vector<double> crosses;
};
LaneMoments moments_down(const std::int8_t* values, std::size_t stride, std::size_t rows,
                         std::size_t size);

/// The same of rows of signs, eight to a byte, from what changes from row to row.
LaneMoments moments_of_signs(const LaneToggles& toggles, std::size_t rows);

/// From each of `rows` rows of `size` values, `stride` apart, to the next.
LaneToggles toggles_down(const std::int8_t* values, std::size_t stride, std::size_t rows,
                         std::size_t size);

}  // namespace systol
