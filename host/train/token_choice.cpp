#include "host/train/token_choice.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace systol {

std::size_t choose_token(std::span<const float> scores, double temperature, SplitMix64& random) {
  const auto top = std::ranges::max_element(scores);
  if (!(temperature > 0)) {
    return static_cast<std::size_t>(top - scores.begin());
  }
  std::vector<double> shares;
  double sum = 0;
  for (const float score : scores) {
    shares.push_back(
        std::exp((static_cast<double>(score) - static_cast<double>(*top)) / temperature));
    sum += shares.back();
  }
  double left = random.uniform(0, sum);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    left -= shares[i];
    if (left < 0) {
      return i;
    }
  }
  return static_cast<std::size_t>(top - scores.begin());
}

}  // namespace systol
