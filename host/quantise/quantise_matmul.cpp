#include "host/quantise/quantise_matmul.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "host/quantise/fixed_point.h"

namespace systol {
namespace {

/// A sum's two parts, the bias and the input's zero point, each stay below 2^30 in magnitude.
constexpr double kPartLimit = 1073741823.0;

struct Channel {
  double largest = 0.0;  ///< the largest magnitude of its weights
  double total = 0.0;    ///< the sum of their magnitudes
};

std::vector<Channel> channels_of(const DenseValues& values) {
  const std::size_t outputs = values.shape.outputs;
  std::vector<Channel> channels(outputs);
  for (std::size_t k = 0; k < values.shape.inputs; ++k) {
    for (std::size_t n = 0; n < outputs; ++n) {
      const double magnitude = std::abs(static_cast<double>(values.weights[k * outputs + n]));
      channels[n].largest = std::max(channels[n].largest, magnitude);
      channels[n].total += magnitude;
    }
  }
  return channels;
}

/// The channel's weight scale: 127 steps to its largest weight, but no finer than its bias and its
/// zero point's share need to fit int32. A channel of zeros with no bias gets 0.
double weight_scale(const Channel& channel, double bias, Quantisation input) {
  const double by_weight = channel.largest / 127.0;
  const double by_bias = std::abs(bias) / (static_cast<double>(input.scale) * kPartLimit);
  const double by_zero = std::abs(input.zero_point) * channel.total / kPartLimit;
  return std::max({by_weight, by_bias, by_zero});
}

/// round(value), half away from zero, as std::round does, in a form that vectorises.
double rounded(double value) {
  const double whole = std::trunc(value);
  return whole + std::copysign(std::abs(value - whole) >= 0.5 ? 1.0 : 0.0, value);
}

/// Row after row, as the weights lie in memory; returns each channel's sum of weights. A scale of 0
/// leaves a channel's weights 0.
std::vector<std::int64_t> quantise_weights(const DenseValues& values,
                                           const std::vector<double>& scales, QuantMatMul& result) {
  const std::size_t outputs = values.shape.outputs;
  std::vector<std::int64_t> totals(outputs);
  for (std::size_t k = 0; k < values.shape.inputs; ++k) {
    for (std::size_t n = 0; n < outputs; ++n) {
      const std::size_t at = k * outputs + n;
      const double level =
          scales[n] > 0.0 ? static_cast<double>(values.weights[at]) / scales[n] : 0.0;
      result.weights[at] = static_cast<std::int8_t>(std::clamp(rounded(level), -127.0, 127.0));
      totals[n] += result.weights[at];
    }
  }
  return totals;
}

/// The bias in units of the sums, with the input's zero point folded in.
std::int32_t folded_bias(double bias, std::int64_t total, Quantisation input, double scale) {
  const double units = bias / (static_cast<double>(input.scale) * scale);
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(
      std::llround(units) - total * input.zero_point, std::numeric_limits<std::int32_t>::min(),
      std::numeric_limits<std::int32_t>::max()));
}

}  // namespace

QuantMatMul quantise_matmul(const DenseValues& values, Quantisation input, Quantisation output) {
  const std::size_t outputs = values.shape.outputs;
  const auto bias = [&](std::size_t n) {
    return values.bias.empty() ? 0.0 : static_cast<double>(values.bias[n]);
  };
  QuantMatMul result;
  result.weights.assign(values.weights.size(), 0);
  result.bias.assign(outputs, 0);
  result.multiplier.assign(outputs, 0);
  result.shift.assign(outputs, 1);
  result.zero_point = output.zero_point;
  const std::vector<Channel> channels = channels_of(values);
  std::vector<double> scales(outputs);
  for (std::size_t n = 0; n < outputs; ++n) {
    scales[n] = weight_scale(channels[n], bias(n), input);
  }
  const std::vector<std::int64_t> totals = quantise_weights(values, scales, result);
  for (std::size_t n = 0; n < outputs; ++n) {
    if (scales[n] > 0.0) {
      result.bias[n] = folded_bias(bias(n), totals[n], input, scales[n]);
      const Rescale factor = fixed_point(static_cast<double>(input.scale) * scales[n] /
                                         static_cast<double>(output.scale));
      result.multiplier[n] = factor.multiplier;
      result.shift[n] = factor.shift;
    }
  }
  return result;
}

}  // namespace systol
