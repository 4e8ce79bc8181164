#include "host/train/weight_histogram.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "host/train/batch_graph.h"

namespace systol {
namespace {

constexpr std::size_t kBins = 60;

void add_moments(std::span<const float> values, WeightHistogram& histogram) {
  const auto count = static_cast<double>(values.size());
  for (const float value : values) {
    histogram.mean += static_cast<double>(value) / count;
  }
  double second = 0;
  double fourth = 0;
  for (const float value : values) {
    const double square = std::pow(static_cast<double>(value) - histogram.mean, 2);
    second += square / count;
    fourth += square * square / count;
  }
  histogram.deviation = std::sqrt(second);
  histogram.excess_kurtosis = second > 0 ? fourth / (second * second) - 3 : 0;
}

WeightHistogram histogram_of(const std::string& name, std::span<const float> values) {
  WeightHistogram histogram;
  histogram.name = name;
  const auto [least, most] = std::ranges::minmax(values);
  histogram.low = static_cast<double>(least);
  histogram.high = static_cast<double>(most);
  const double width = (histogram.high - histogram.low) / static_cast<double>(kBins);
  histogram.counts.resize(width > 0 ? kBins : 1);
  for (const float value : values) {
    const double bin = width > 0 ? (static_cast<double>(value) - histogram.low) / width : 0;
    ++histogram.counts[std::min(static_cast<std::size_t>(bin), histogram.counts.size() - 1)];
  }
  add_moments(values, histogram);
  return histogram;
}

}  // namespace

std::vector<WeightHistogram> weight_histograms(const Graph& network) {
  std::vector<WeightHistogram> histograms;
  for (const TensorId id : parameters_of(network)) {
    if (network.shape(id).size() > 1) {
      histograms.push_back(histogram_of(network.tensor(id).name, network.constant(id)->values));
    }
  }
  return histograms;
}

}  // namespace systol
