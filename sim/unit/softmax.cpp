#include "sim/unit/softmax.h"

#include <algorithm>

namespace systol {

void softmax_row(std::span<const std::int8_t> logits,
                 const std::array<std::uint16_t, 256>& exponentials,
                 std::span<std::int8_t> probabilities) {
  const int largest = *std::ranges::max_element(logits);
  const auto exponential = [&](std::int8_t logit) {
    return std::uint64_t{exponentials[static_cast<std::size_t>(largest - logit)]};
  };
  std::uint64_t sum = 0;
  for (const std::int8_t logit : logits) {
    sum += exponential(logit);
  }
  // A table whose entry for the maximum is 0 is no softmax table; the divider then saturates.
  const std::uint64_t reciprocal = (std::uint64_t{1} << 40) / std::max<std::uint64_t>(sum, 1);
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const std::uint64_t share =
        (exponential(logits[i]) * reciprocal + (std::uint64_t{1} << 31)) >> 32;
    probabilities[i] =
        static_cast<std::int8_t>(static_cast<int>(std::min<std::uint64_t>(share, 255)) - 128);
  }
}

}  // namespace systol
