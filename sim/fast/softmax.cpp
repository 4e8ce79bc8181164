#include "sim/fast/softmax.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

#include "sim/base/vectorised.h"

namespace systol {
namespace {

SYSTOL_VECTORISED int largest(const std::int8_t* values, std::size_t count) {
  std::int8_t most = values[0];
  for (std::size_t i = 1; i < count; ++i) {
    most = values[i] > most ? values[i] : most;
  }
  return most;
}

/// Looks the terms up and returns their sum.
SYSTOL_VECTORISED std::uint64_t look_up(const std::uint32_t* __restrict table, int most,
                                        const std::int8_t* __restrict values,
                                        std::uint32_t* __restrict terms, std::size_t count) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    terms[i] = table[most - values[i]];
    sum += terms[i];
  }
  return sum;
}

/// round(term * reciprocal / 2^32), at most 255, offset by -128.
SYSTOL_VECTORISED void scale(const std::uint32_t* __restrict terms, std::uint64_t reciprocal,
                             std::int8_t* __restrict shares, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t share = (terms[i] * reciprocal + (std::uint64_t{1} << 31U)) >> 32U;
    shares[i] = static_cast<std::int8_t>((share < 255 ? share : 255) ^ 0x80U);
  }
}

}  // namespace

FastSoftmax::FastSoftmax(const std::array<std::uint16_t, 256>& exponentials) {
  std::ranges::copy(exponentials, exponentials_.begin());
}

void FastSoftmax::row(std::span<const std::int8_t> logits, std::span<std::int8_t> probabilities) {
  terms_.resize(logits.size());
  const int most = largest(logits.data(), logits.size());
  const std::uint64_t sum =
      look_up(exponentials_.data(), most, logits.data(), terms_.data(), logits.size());
  // Only a table of zeros has no sum; then all shares are 0.
  const std::uint64_t reciprocal = sum == 0 ? 0 : (std::uint64_t{1} << 40U) / sum;
  scale(terms_.data(), reciprocal, probabilities.data(), probabilities.size());
}

void apply_softmax_part(const isa::SoftmaxPart& part, std::int8_t* buffer, SoftmaxRow& row) {
  const std::int8_t* logits = buffer + part.source;
  if (part.pass == isa::SoftmaxPass::Maximum) {
    const int before = part.first ? std::numeric_limits<std::int8_t>::min() : row.maximum;
    row.maximum = static_cast<std::int8_t>(std::max(before, largest(logits, part.columns)));
    return;
  }
  std::array<std::uint16_t, 256> entries;
  std::memcpy(entries.data(), buffer + part.table, sizeof entries);
  std::vector<std::uint32_t> terms(part.columns);
  for (std::uint32_t i = 0; i < part.columns; ++i) {
    terms[i] = entries[static_cast<std::uint8_t>(row.maximum - logits[i])];
  }
  if (part.pass == isa::SoftmaxPass::Shares) {
    scale(terms.data(), row.reciprocal, buffer + part.destination, terms.size());
    return;
  }
  row.sum = std::accumulate(terms.begin(), terms.end(), part.first ? 0 : row.sum);
  if (part.last) {  // of a table of zeros there is no sum
    row.sum = std::max<std::uint64_t>(row.sum, 1);
    row.reciprocal = (std::uint64_t{1} << 40U) / row.sum;
  }
}

}  // namespace systol
