#include "sim/fast/operand_counts.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "hw/isa/pe_type.h"
#include "sim/base/vectorised.h"

namespace systol {
namespace {

/// Bits of each byte of x, in three steps that vectorise.
inline std::uint8_t bits_of(std::uint8_t x) {
  x = static_cast<std::uint8_t>(x - ((x >> 1U) & 0x55U));
  x = static_cast<std::uint8_t>((x & 0x33U) + ((x >> 2U) & 0x33U));
  return static_cast<std::uint8_t>((x + (x >> 4U)) & 0x0fU);
}

/// Eight values at once, in the bytes of a word; after the last value come zeros.
constexpr std::size_t kWord = 8;

inline std::uint64_t word(const std::int8_t* values) {
  std::uint64_t word = 0;
  std::memcpy(&word, values, kWord);
  return word;
}

inline std::uint64_t last_word(const std::int8_t* values, std::size_t size) {
  std::uint64_t word = 0;
  std::memcpy(&word, values, size);
  return word;
}

/// Calls `count` with each word of both.
template <typename Count>
[[gnu::always_inline]] inline void for_words(const std::int8_t* a, const std::int8_t* b,
                                             std::size_t size, Count count) {
  const std::size_t whole = size / kWord * kWord;
  for (std::size_t i = 0; i < whole; i += kWord) {
    count(word(a + i), word(b + i));
  }
  if (whole < size) {
    count(last_word(a + whole, size - whole), last_word(b + whole, size - whole));
  }
}

inline std::uint64_t ones_in(std::uint64_t word) {
  return static_cast<std::uint64_t>(std::popcount(word));
}

/// The negatives' low eight bits, and the ninth, which is 1 of what was positive, in bit 7.
struct Negated {
  std::uint64_t low;
  std::uint64_t ninth;
};

constexpr std::uint64_t kSigns = 0x8080808080808080U;

/// -x = ~x + 1, whose carries must not reach the next byte.
inline Negated negate(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  const std::uint64_t low = ((~word & ~kSigns) + kOnes) ^ (~word & kSigns);
  return {low, low & ~word & kSigns};
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

[[gnu::always_inline]] inline RowCounts count_row(const std::int8_t* values, std::size_t size) {
  std::uint64_t nonzero = 0;
  std::uint64_t bits = 0;
  std::uint64_t negated = 0;
  for_words(values, values, size, [&](std::uint64_t x, std::uint64_t) {
    const Negated minus_x = negate(x);
    nonzero += ones_in((minus_x.low | x) & kSigns);  // one of both is negative
    bits += ones_in(x);
    negated += ones_in(minus_x.low) + ones_in(minus_x.ninth);
  });
  std::int32_t squares = 0;
  for (std::size_t i = 0; i < size; ++i) {
    squares += values[i] * values[i];
  }
  return {static_cast<std::uint32_t>(squares), static_cast<std::uint16_t>(nonzero),
          static_cast<std::uint16_t>(bits), static_cast<std::uint16_t>(negated)};
}

[[gnu::always_inline]] inline CommonOnes count_common(const std::int8_t* a, const std::int8_t* b,
                                                      std::size_t size) {
  std::uint64_t bits = 0;
  std::uint64_t negated = 0;
  for_words(a, b, size, [&](std::uint64_t x, std::uint64_t y) {
    const Negated minus_x = negate(x);
    const Negated minus_y = negate(y);
    bits += ones_in(x & y);
    negated += ones_in(minus_x.low & minus_y.low) + ones_in(minus_x.ninth & minus_y.ninth);
  });
  return {static_cast<std::uint16_t>(bits), static_cast<std::uint16_t>(negated)};
}

/// `ones_of` counts those of an activation.
template <typename Ones>
[[gnu::always_inline]] inline std::uint64_t count_changed(const std::int8_t* __restrict before,
                                                          const std::int8_t* __restrict now,
                                                          const RowOnes& weights, std::size_t lanes,
                                                          Ones ones_of) {
  const std::uint16_t* __restrict ones_before = weights.before.data();
  const std::uint16_t* __restrict ones_now = weights.now.data();
  const std::uint16_t* __restrict ones_both = weights.both.data();
  std::uint64_t pairs = 0;
  for (std::size_t i = 0; i < lanes; ++i) {
    const auto old = static_cast<std::uint8_t>(before[i]);
    const auto next = static_cast<std::uint8_t>(now[i]);
    const auto both = static_cast<std::uint8_t>(old & next);
    pairs += std::uint32_t{ones_of(old)} * ones_before[i] +
             std::uint32_t{ones_of(next)} * ones_now[i] -
             2 * std::uint32_t{ones_of(both)} * ones_both[i];
  }
  return pairs;
}

SYSTOL_VECTORISED RowCounts row_counts_anywhere(const std::int8_t* values, std::size_t size) {
  return count_row(values, size);
}

SYSTOL_VECTORISED CommonOnes common_ones_anywhere(const std::int8_t* a, const std::int8_t* b,
                                                  std::size_t size) {
  return count_common(a, b, size);
}

// Some processors count the ones of eight words in an instruction, which none of those that
// SYSTOL_VECTORISED chooses from must have.
#if defined(__x86_64__) && !defined(SYSTOL_SANITIZE)
#define SYSTOL_COUNTS_WORDS \
  __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq,popcnt")))
const bool counts_ones_of_words =
    __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
    __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512vpopcntdq") != 0;
#else
#define SYSTOL_COUNTS_WORDS
const bool counts_ones_of_words = false;
#endif

SYSTOL_COUNTS_WORDS RowCounts row_counts_of_words(const std::int8_t* values, std::size_t size) {
  return count_row(values, size);
}

SYSTOL_COUNTS_WORDS CommonOnes common_ones_of_words(const std::int8_t* a, const std::int8_t* b,
                                                    std::size_t size) {
  return count_common(a, b, size);
}

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
  std::uint64_t total = 0;
  for_words(a, b, size, [&](std::uint64_t x, std::uint64_t y) { total += ones_in(x ^ y); });
  return total;
}

SYSTOL_VECTORISED std::uint64_t bits(const std::int8_t* values, std::size_t size) {
  std::uint64_t total = 0;
  for_words(values, values, size, [&](std::uint64_t x, std::uint64_t) { total += ones_in(x); });
  return total;
}

SYSTOL_VECTORISED std::uint64_t common_bits(const std::int8_t* a, const std::int8_t* b,
                                            std::size_t size) {
  std::uint64_t total = 0;
  for_words(a, b, size, [&](std::uint64_t x, std::uint64_t y) { total += ones_in(x & y); });
  return total;
}

RowCounts row_counts(const std::int8_t* values, std::size_t size) {
  return counts_ones_of_words ? row_counts_of_words(values, size)
                              : row_counts_anywhere(values, size);
}

CommonOnes common_ones(const std::int8_t* a, const std::int8_t* b, std::size_t size) {
  return counts_ones_of_words ? common_ones_of_words(a, b, size) : common_ones_anywhere(a, b, size);
}

SYSTOL_VECTORISED std::uint64_t changed_pairs(const std::int8_t* before, const std::int8_t* now,
                                              const RowOnes& weights, std::size_t lanes) {
  return count_changed(before, now, weights, lanes, bits_of);
}

SYSTOL_VECTORISED std::uint64_t changed_sign_pairs(const std::int8_t* before,
                                                   const std::int8_t* now, const RowOnes& weights,
                                                   std::size_t lanes) {
  return count_changed(before, now, weights, lanes,
                       [](std::uint8_t x) { return static_cast<std::uint8_t>(x >> 7U); });
}

SYSTOL_VECTORISED OperandOnes ones(const std::int8_t* before, const std::int8_t* now,
                                   std::size_t size) {
  OperandOnes ones;
  for_words(before, now, size, [&](std::uint64_t a, std::uint64_t b) {
    const Negated minus_a = negate(a);
    const Negated minus_b = negate(b);
    ones.bits += ones_in(b);
    ones.common_bits += ones_in(a & b);
    ones.negated += ones_in(minus_b.low) + ones_in(minus_b.ninth);
    ones.common_negated +=
        ones_in(minus_a.low & minus_b.low) + ones_in(minus_a.ninth & minus_b.ninth);
  });
  return ones;
}

SYSTOL_VECTORISED std::uint64_t signs(const std::int8_t* values, std::size_t size) {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < size; ++i) {
    count += values[i] < 0 ? 1U : 0U;
  }
  return count;
}

SYSTOL_VECTORISED std::uint64_t common_signs(const std::int8_t* a, const std::int8_t* b,
                                             std::size_t size) {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < size; ++i) {
    count += (a[i] & b[i]) < 0 ? 1U : 0U;
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

SYSTOL_VECTORISED std::uint64_t equal_to(std::int8_t value, const std::int8_t* values,
                                         std::size_t size) {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < size; ++i) {
    count += values[i] == value ? 1U : 0U;
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

LaneMoments moments_of_signs(const LaneToggles& toggles, std::size_t rows) {
  constexpr double kSignsOfLane = isa::kSignsInByte;
  const auto changes = static_cast<double>(rows - 1);
  LaneMoments moments{std::vector<double>(toggles.bits.size(), kSignsOfLane * (changes + 1)), {}};
  for (const std::uint32_t bits : toggles.bits) {
    moments.crosses.push_back(kSignsOfLane * changes - 2.0 * bits);
  }
  return moments;
}

}  // namespace systol
