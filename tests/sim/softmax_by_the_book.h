// docs/numerics.md's softmax, written down again: with divisions instead of shifts, in 128 bits.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

namespace systol::test {

using Row = std::vector<std::int8_t>;
using Exponentials = std::array<std::uint16_t, 256>;

inline Exponentials exponentials_of(double scale) {
  Exponentials entries{};
  for (std::size_t d = 0; d < entries.size(); ++d) {
    entries[d] =
        static_cast<std::uint16_t>(std::lround(65535 * std::exp(-scale * static_cast<double>(d))));
  }
  return entries;
}

inline Row softmax_by_the_book(const Row& logits, const Exponentials& exponentials) {
  __extension__ using Exact = __int128;
  const int m = *std::max_element(logits.begin(), logits.end());
  const auto exponential = [&](std::int8_t x) {
    return Exact{exponentials.at(static_cast<std::size_t>(m - x))};
  };
  Exact sum = 0;
  for (const std::int8_t x : logits) {
    sum += exponential(x);
  }
  const Exact reciprocal = Exact{1'099'511'627'776} / sum;
  Row result;
  for (const std::int8_t x : logits) {
    const Exact share = (exponential(x) * reciprocal + Exact{2'147'483'648}) / Exact{4'294'967'296};
    result.push_back(static_cast<std::int8_t>(std::min<Exact>(127, share - 128)));
  }
  return result;
}

}  // namespace systol::test
