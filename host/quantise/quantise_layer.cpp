#include "host/quantise/quantise_layer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "host/quantise/tables.h"

namespace systol {
namespace {

/// What saturates is cut off, so that the table's 256 steps lie where the function still moves.
constexpr float kSigmoidEnd = 8.0F;
constexpr float kTanhEnd = 4.0F;

constexpr Quantisation kProbability{1.0F / 256.0F, -128};
constexpr Quantisation kTanhOutput{1.0F / 128.0F, 0};

/// A sum's two parts, the bias and the input's zero point, each stay below 2^30 in magnitude.
constexpr double kPartLimit = 1073741823.0;

struct Channel {
  double largest = 0.0;  ///< the largest magnitude of its weights
  double total = 0.0;    ///< the sum of their magnitudes
};

std::vector<Channel> channels_of(const DenseLayer& layer) {
  std::vector<Channel> channels(layer.outputs);
  for (std::size_t i = 0; i < layer.weights.size(); ++i) {
    Channel& channel = channels[i % layer.outputs];
    const double magnitude = std::abs(static_cast<double>(layer.weights[i]));
    channel.largest = std::max(channel.largest, magnitude);
    channel.total += magnitude;
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

/// Weights and bias of channel `n`, whose weight scale is `scale`.
void quantise_channel(const DenseLayer& layer, std::size_t n, double scale, QuantDense& result) {
  std::int64_t total = 0;
  for (std::size_t k = 0; k < layer.inputs; ++k) {
    const std::size_t at = k * layer.outputs + n;
    const double level = std::round(static_cast<double>(layer.weights[at]) / scale);
    result.weights[at] = static_cast<std::int8_t>(std::clamp(level, -127.0, 127.0));
    total += result.weights[at];
  }
  const double bias =
      static_cast<double>(layer.bias[n]) / (static_cast<double>(result.input.scale) * scale);
  const std::int64_t folded = std::llround(bias) - total * result.input.zero_point;
  result.bias[n] = static_cast<std::int32_t>(std::clamp<std::int64_t>(
      folded, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()));
}

/// What the requantised sums are in: the layer's outputs, or the function's argument where a table
/// follows.
Quantisation requantised(const DenseLayer& layer, const LayerRanges& measured) {
  const auto within = [&](float end) {
    return affine({std::max(measured.sums.low, -end), std::min(measured.sums.high, end)});
  };
  switch (layer.activation) {
    case Activation::Sigmoid:
      return within(kSigmoidEnd);
    case Activation::Tanh:
      return within(kTanhEnd);
    case Activation::Relu:
      return affine({0.0F, measured.outputs.high});
    default:
      return affine(measured.sums);
  }
}

void set_functions(const DenseLayer& layer, const LayerRanges& measured, Quantisation sums,
                   QuantDense& result) {
  result.zero_point = sums.zero_point;
  result.logits = sums;
  switch (layer.activation) {
    case Activation::Relu:
      result.minimum = sums.zero_point;
      break;
    case Activation::LeakyRelu:
      result.logits = affine(measured.outputs);
      break;
    case Activation::Sigmoid:
      result.logits = kProbability;
      break;
    case Activation::Tanh:
      result.logits = kTanhOutput;
      break;
    default:
      break;
  }
  if (layer.activation == Activation::LeakyRelu || layer.activation == Activation::Sigmoid ||
      layer.activation == Activation::Tanh) {
    result.table = function_table(layer, sums, result.logits);
  }
  result.output = result.logits;
  if (layer.activation == Activation::Softmax) {
    result.softmax_table = softmax_table(result.logits.scale);
    result.output = kProbability;
  }
}

}  // namespace

FixedPoint fixed_point(double real) {
  constexpr FixedPoint kLargest{std::numeric_limits<std::int32_t>::max(), 1};
  if (real <= 0.0) {
    return {0, 1};
  }
  if (real >= 0x1p30) {
    return kLargest;
  }
  int exponent = 0;
  const double fraction = std::frexp(real, &exponent);  // real = fraction * 2^exponent
  const int shift = std::min(31 - exponent, 62);
  const std::int64_t multiplier = std::llround(std::ldexp(fraction, exponent + shift));
  if (multiplier < (std::int64_t{1} << 31)) {
    return {static_cast<std::int32_t>(multiplier), static_cast<std::uint8_t>(shift)};
  }
  return shift == 1 ? kLargest
                    : FixedPoint{std::int32_t{1} << 30, static_cast<std::uint8_t>(shift - 1)};
}

QuantDense quantise_layer(const DenseLayer& layer, Quantisation input,
                          const LayerRanges& measured) {
  QuantDense result;
  result.name = layer.name;
  result.inputs = layer.inputs;
  result.outputs = layer.outputs;
  result.activation = layer.activation;
  result.input = input;
  result.weights.assign(layer.weights.size(), 0);
  result.bias.assign(layer.outputs, 0);
  result.multiplier.assign(layer.outputs, 0);
  result.shift.assign(layer.outputs, 1);
  const Quantisation sums = requantised(layer, measured);
  set_functions(layer, measured, sums, result);
  const std::vector<Channel> channels = channels_of(layer);
  for (std::size_t n = 0; n < layer.outputs; ++n) {
    const double scale = weight_scale(channels[n], static_cast<double>(layer.bias[n]), input);
    if (scale > 0.0) {
      quantise_channel(layer, n, scale, result);
      const FixedPoint factor =
          fixed_point(static_cast<double>(input.scale) * scale / static_cast<double>(sums.scale));
      result.multiplier[n] = factor.multiplier;
      result.shift[n] = factor.shift;
    }
  }
  return result;
}

}  // namespace systol
