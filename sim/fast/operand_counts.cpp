#include "sim/fast/operand_counts.h"

#include <algorithm>

#include "sim/base/vectorised.h"

namespace systol {
namespace {

/// Bits of each byte of x, in three steps that vectorise.
inline std::uint8_t bits_of(std::uint8_t x) {
  x = static_cast<std::uint8_t>(x - ((x >> 1U) & 0x55U));
  x = static_cast<std::uint8_t>((x & 0x33U) + ((x >> 2U) & 0x33U));
  return static_cast<std::uint8_t>((x + (x >> 4U)) & 0x0fU);
}

inline std::uint8_t differing(std::int8_t a, std::int8_t b) {
  return static_cast<std::uint8_t>(static_cast<std::uint8_t>(a) ^ static_cast<std::uint8_t>(b));
}

SYSTOL_VECTORISED void add_moments(const std::int8_t* __restrict row,
                                   const std::int8_t* __restrict before,
                                   std::int32_t* __restrict squares,
                                   std::int32_t* __restrict crosses, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    squares[i] += row[i] * row[i];
    crosses[i] += row[i] * before[i];
  }
}

/// Adds up bytes before they overflow.
class LaneCounter {
 public:
  explicit LaneCounter(std::size_t lanes) : bits_(lanes), signs_(lanes) {
    totals_.bits.resize(lanes);
    totals_.signs.resize(lanes);
  }
  void add(const std::int8_t* a, const std::int8_t* b) {
    count_toggles(a, b, bits_.data(), signs_.data(), bits_.size());
    if (++rows_ == kRowsPerByte) {
      flush();
    }
  }
  LaneToggles take() {
    flush();
    return std::move(totals_);
  }

 private:
  void flush() {
    std::ranges::transform(totals_.bits, bits_, totals_.bits.begin(), std::plus<>());
    std::ranges::transform(totals_.signs, signs_, totals_.signs.begin(), std::plus<>());
    std::ranges::fill(bits_, std::uint8_t{0});
    std::ranges::fill(signs_, std::uint8_t{0});
    rows_ = 0;
  }

  std::vector<std::uint8_t> bits_;
  std::vector<std::uint8_t> signs_;
  LaneToggles totals_;
  std::size_t rows_ = 0;
};

}  // namespace

SYSTOL_VECTORISED void count_toggles(const std::int8_t* __restrict a,
                                     const std::int8_t* __restrict b,
                                     std::uint8_t* __restrict counts,
                                     std::uint8_t* __restrict signs, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint8_t x = differing(a[i], b[i]);
    counts[i] = static_cast<std::uint8_t>(counts[i] + bits_of(x));
    signs[i] = static_cast<std::uint8_t>(signs[i] + (x >> 7U));
  }
}

SYSTOL_VECTORISED std::uint64_t toggles(const std::int8_t* a, const std::int8_t* b,
                                        std::size_t size) {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < size; ++i) {
    count += bits_of(differing(a[i], b[i]));
  }
  return count;
}

SYSTOL_VECTORISED std::uint64_t bits(const std::int8_t* values, std::size_t size) {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < size; ++i) {
    count += bits_of(static_cast<std::uint8_t>(values[i]));
  }
  return count;
}

SYSTOL_VECTORISED std::uint64_t common_bits(const std::int8_t* a, const std::int8_t* b,
                                            std::size_t size) {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < size; ++i) {
    count += bits_of(static_cast<std::uint8_t>(a[i] & b[i]));
  }
  return count;
}

SYSTOL_VECTORISED std::uint64_t negated_bits(const std::int8_t* values, std::size_t size) {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < size; ++i) {
    count += bits_of(static_cast<std::uint8_t>(-values[i])) + (values[i] > 0 ? 1U : 0U);
  }
  return count;
}

SYSTOL_VECTORISED std::uint64_t common_negated_bits(const std::int8_t* a, const std::int8_t* b,
                                                    std::size_t size) {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < size; ++i) {
    count += bits_of(static_cast<std::uint8_t>(-a[i] & -b[i])) +
             ((a[i] > 0 ? 1U : 0U) & (b[i] > 0 ? 1U : 0U));
  }
  return count;
}

SYSTOL_VECTORISED std::uint64_t signs(const std::int8_t* values, std::size_t size) {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < size; ++i) {
    count += values[i] < 0 ? 1U : 0U;
  }
  return count;
}

SYSTOL_VECTORISED std::uint64_t nonzero(const std::int8_t* values, std::size_t size) {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < size; ++i) {
    count += values[i] != 0 ? 1U : 0U;
  }
  return count;
}

LaneToggles toggles_down(const std::int8_t* values, std::size_t stride, std::size_t rows,
                         std::size_t size) {
  LaneCounter counter(size);
  for (std::size_t row = 1; row < rows; ++row) {
    counter.add(values + row * stride, values + (row - 1) * stride);
  }
  return counter.take();
}

LaneMoments moments_down(const std::int8_t* values, std::size_t stride, std::size_t rows,
                         std::size_t size) {
  constexpr std::size_t kMostRows = std::size_t{1} << 16U;  // of squares in 31 bits
  LaneMoments moments{std::vector<double>(size), std::vector<double>(size)};
  std::vector<std::int32_t> squares(size);
  std::vector<std::int32_t> crosses(size);
  const std::vector<std::int8_t> none(size);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::int8_t* at = values + row * stride;
    add_moments(at, row == 0 ? none.data() : at - stride, squares.data(), crosses.data(), size);
    if (row + 1 == rows || row % kMostRows == kMostRows - 1) {
      std::ranges::transform(moments.squares, squares, moments.squares.begin(), std::plus<>());
      std::ranges::transform(moments.crosses, crosses, moments.crosses.begin(), std::plus<>());
      std::ranges::fill(squares, 0);
      std::ranges::fill(crosses, 0);
    }
  }
  return moments;
}

}  // namespace systol
