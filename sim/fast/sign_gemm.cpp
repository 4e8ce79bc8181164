#include "sim/fast/sign_gemm.h"

#include <algorithm>
#include <vector>

#include "sim/base/vectorised.h"

namespace systol {
namespace {

/// Rows of b whose differing bits sum up in a byte: 8 each.
constexpr std::size_t kMostSignRows = 31;

/// Bits are counted two, four and eight at a time, which vectorises on every processor.
SYSTOL_VECTORISED void add_differing(std::uint8_t* __restrict counts,
                                     const std::uint8_t* __restrict b, std::uint8_t a,
                                     std::size_t n) {
  for (std::size_t j = 0; j < n; ++j) {
    auto differ = static_cast<std::uint8_t>(a ^ b[j]);
    differ = static_cast<std::uint8_t>(differ - (differ >> 1 & 0x55));
    differ = static_cast<std::uint8_t>((differ & 0x33) + (differ >> 2 & 0x33));
    counts[j] = static_cast<std::uint8_t>(counts[j] + ((differ + (differ >> 4)) & 0x0f));
  }
}

SYSTOL_VECTORISED void add_agreeing(std::int32_t* __restrict c,
                                    const std::uint8_t* __restrict differing, std::uint32_t pairs,
                                    std::size_t n) {
  for (std::size_t j = 0; j < n; ++j) {
    c[j] = static_cast<std::int32_t>(static_cast<std::uint32_t>(c[j]) + pairs - 2U * differing[j]);
  }
}

}  // namespace

void sign_gemm(const GemmLayout& shape, const std::int8_t* a, const std::int8_t* b,
               std::int32_t* c) {
  constexpr std::uint32_t kSigns = 8;
  const auto* weights = reinterpret_cast<const std::uint8_t*>(b);
  std::vector<std::uint8_t> counts(shape.n);
  for (std::size_t i = 0; i < shape.m; ++i) {
    const std::int8_t* row = a + i * shape.a_stride;
    std::int32_t* target = c + i * shape.c_stride;
    if (!shape.add) {
      std::fill_n(target, shape.n, 0);
    }
    for (std::size_t first = 0; first < shape.k; first += kMostSignRows) {
      const std::size_t end = std::min(first + kMostSignRows, shape.k);
      std::fill(counts.begin(), counts.end(), std::uint8_t{0});
      for (std::size_t k = first; k < end; ++k) {
        add_differing(counts.data(), weights + k * shape.b_stride,
                      static_cast<std::uint8_t>(row[k]), shape.n);
      }
      add_agreeing(target, counts.data(), kSigns * static_cast<std::uint32_t>(end - first),
                   shape.n);
    }
  }
}

}  // namespace systol
