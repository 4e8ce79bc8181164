#include "host/quantise/noise.h"

#include <algorithm>
#include <cmath>

namespace systol {

QuantisationNoise::QuantisationNoise(const QuantGraph& graph, const IntegerResult& integers)
    : graph_(graph), integers_(integers), sums_(integers.tensors.size()) {}

void QuantisationNoise::add(TensorId id, std::span<const float> values) {
  const std::vector<std::int8_t>& integers = integers_.of(id);
  Sums& sums = sums_[index_of(id)];
  const std::size_t count = std::min(values.size(), integers.size() - sums.seen);
  const auto scale = double{graph_.of(id).scale};
  const int zero_point = graph_.of(id).zero_point;
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = double{values[i]};
    const double error = scale * (integers[sums.seen + i] - zero_point) - value;
    sums.signal += value * value;
    sums.noise += error * error;
  }
  sums.seen += count;
}

std::vector<std::optional<double>> QuantisationNoise::decibels() const {
  std::vector<std::optional<double>> result(sums_.size());
  std::ranges::transform(sums_, result.begin(), [](const Sums& sums) -> std::optional<double> {
    if (sums.signal > 0 && sums.noise > 0) {
      return 10 * std::log10(sums.signal / sums.noise);
    }
    return std::nullopt;
  });
  return result;
}

}  // namespace systol
