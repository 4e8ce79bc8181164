#include "host/quantise/two_of_four.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace systol {
namespace {

constexpr std::size_t kGroup = 4;
constexpr std::size_t kKept = 2;

/// `count` weights, `stride` apart.
void prune(float* weights, std::size_t count, std::size_t stride) {
  std::array<std::size_t, kGroup> order{0, 1, 2, 3};
  const auto magnitude = [&](std::size_t i) { return std::abs(weights[i * stride]); };
  std::stable_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count),
                   [&](std::size_t a, std::size_t b) { return magnitude(a) > magnitude(b); });
  for (std::size_t i = kKept; i < count; ++i) {
    weights[order[i] * stride] = 0.0F;
  }
}

}  // namespace

std::vector<float> two_of_four(std::span<const float> weights, std::size_t outputs,
                               std::uint64_t run) {
  std::vector<float> pruned(weights.begin(), weights.end());
  const std::size_t inputs = weights.size() / outputs;
  for (std::size_t first = 0; first < inputs; first += run) {
    for (std::size_t k = first; k < first + run; k += kGroup) {
      const std::size_t count = std::min<std::size_t>(kGroup, first + run - k);
      for (std::size_t n = 0; n < outputs; ++n) {
        prune(&pruned[k * outputs + n], count, outputs);
      }
    }
  }
  return pruned;
}

}  // namespace systol
