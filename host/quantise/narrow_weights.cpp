#include "host/quantise/narrow_weights.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace systol {
namespace {

constexpr int kScales = 20;

/// Of one output's weights.
class Channel {
 public:
  Channel(const DenseValues& values, std::size_t output) : values_(values), output_(output) {}

  double mean_magnitude() const {
    double sum = 0.0;
    each([&](double weight) { sum += std::abs(weight); });
    return sum / values_.shape.inputs;
  }

  double largest() const {
    double largest = 0.0;
    each([&](double weight) { largest = std::max(largest, std::abs(weight)); });
    return largest;
  }

  double squared_error(double scale, double most) const {
    double error = 0.0;
    each([&](double weight) {
      const double level = std::min(std::floor(std::abs(weight) / scale + 0.5), most);
      const double difference = std::abs(weight) - scale * level;
      error += difference * difference;
    });
    return error;
  }

 private:
  template <class Take>
  void each(Take&& take) const {
    for (std::size_t k = 0; k < values_.shape.inputs; ++k) {
      take(static_cast<double>(values_.weights[k * values_.shape.outputs + output_]));
    }
  }

  const DenseValues& values_;
  std::size_t output_;
};

double best_scale(const Channel& channel, double most) {
  const double largest = channel.largest();
  double best = largest / most;
  if (largest == 0.0) {
    return 0.0;
  }
  double least_error = channel.squared_error(best, most);
  for (int step = 1; step < kScales; ++step) {
    const double scale = largest / most * step / kScales;
    const double error = channel.squared_error(scale, most);
    if (error < least_error) {
      least_error = error;
      best = scale;
    }
  }
  return best;
}

}  // namespace

WeightLevels weight_levels(std::uint32_t bits, bool own) {
  constexpr std::uint32_t kByte = 8;
  const double most = bits == 1 ? 1.0 : static_cast<double>((1U << (bits - 1)) - 1);
  const bool lowest = bits == kByte || (own && bits == kByte / 2);
  return {lowest ? -most - 1.0 : -most, most};
}

std::vector<double> narrow_scales(const DenseValues& values) {
  const double most = weight_levels(values.weight_bits).most;
  std::vector<double> scales(values.shape.outputs);
  for (std::size_t output = 0; output < scales.size(); ++output) {
    const Channel channel(values, output);
    scales[output] = values.weight_bits == 1 ? channel.mean_magnitude() : best_scale(channel, most);
  }
  return scales;
}

}  // namespace systol
