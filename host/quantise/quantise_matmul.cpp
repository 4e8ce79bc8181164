#include "host/quantise/quantise_matmul.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "host/quantise/fixed_point.h"
#include "host/quantise/narrow_weights.h"
#include "host/quantise/tables.h"
#include "host/reference/per_processor.h"
#include "sim/base/error.h"

namespace systol {
namespace {

/// A sum's two parts, the bias and the input's zero point, each stay below 2^30 in magnitude.
constexpr double kPartLimit = 1073741823.0;

/// Of each channel's weights: the largest magnitude, and the sum of the magnitudes.
struct Channels {
  std::vector<double> largest;
  std::vector<double> total;
};

SYSTOL_PER_PROCESSOR void add_magnitudes(const float* __restrict weights,
                                         double* __restrict largest, double* __restrict total,
                                         std::size_t count) {
  for (std::size_t n = 0; n < count; ++n) {
    const double magnitude = std::abs(static_cast<double>(weights[n]));
    largest[n] = largest[n] < magnitude ? magnitude : largest[n];
    total[n] += magnitude;
  }
}

/// Calls visit(row, weights) for one row of the weights after another.
template <class Visit>
void each_row(const DenseValues& values, Visit&& visit) {
  const std::size_t outputs = values.shape.outputs;
  if (values.parts == nullptr) {
    for (std::size_t row = 0; row < values.shape.inputs; ++row) {
      visit(row, &values.weights[row * outputs]);
    }
    return;
  }
  std::vector<float> weights(outputs);
  for (std::size_t row = 0; row < values.shape.inputs; ++row) {
    (*values.parts)(row * outputs, weights);
    visit(row, weights.data());
  }
}

Channels channels_of(const DenseValues& values) {
  const std::size_t outputs = values.shape.outputs;
  Channels channels{std::vector<double>(outputs), std::vector<double>(outputs)};
  each_row(values, [&](std::size_t, const float* weights) {
    add_magnitudes(weights, channels.largest.data(), channels.total.data(), outputs);
  });
  return channels;
}

/// The finest scale of a channel whose bias and zero point's share fit int32.
double finest_scale(const Channels& channels, std::size_t n, double bias, Quantisation input) {
  const double by_bias = std::abs(bias) / (static_cast<double>(input.scale) * kPartLimit);
  const double by_zero = std::abs(input.zero_point) * channels.total[n] / kPartLimit;
  return std::max(by_bias, by_zero);
}

/// The channel's weight scale: the one that suits its weights, but no finer than fits int32; a
/// float32, rounded up, so that a file can hold it. A channel of zeros with no bias gets 0.
double weight_scale(double suited, const Channels& channels, std::size_t n, double bias,
                    Quantisation input) {
  const double least = std::max(suited, finest_scale(channels, n, bias, input));
  const auto nearest = static_cast<float>(least);
  return static_cast<double>(
      static_cast<double>(nearest) < least ? std::nextafter(nearest, INFINITY) : nearest);
}

/// 127 steps to each channel's largest weight, or what narrow weights lose the least with.
std::vector<double> suited_scales(const DenseValues& values, const Channels& channels) {
  constexpr std::uint32_t kByte = 8;
  if (values.weight_bits < kByte) {
    return narrow_scales(values);
  }
  std::vector<double> scales = channels.largest;
  for (double& scale : scales) {
    scale /= 127.0;
  }
  return scales;
}

/// The scale that the weights have, where their levels and sums fit.
double own_scale(const DenseValues& values, const Channels& channels, std::size_t n, double bias,
                 Quantisation input, const std::string& place) {
  const double beyond = 0.5 - weight_levels(values.weight_bits, true).least;
  constexpr double kMostSteps = 0x1p31 / 128.0;  // times an input's largest magnitude
  const auto scale = static_cast<double>((*values.scales)[n]);
  if (values.weight_bits == 1) {
    throw InputError(fmt::format(
        "{}: the model's file has its weights as integers with scales, and they would have to be 1 "
        "and -1; allowed: an array whose weights have more bits, as 'pe: int8', or a model whose "
        "weights are floating-point numbers",
        place));
  }
  if (channels.largest[n] >= beyond * scale || channels.total[n] >= kMostSteps * scale ||
      scale < finest_scale(channels, n, bias, input)) {
    throw InputError(fmt::format(
        "{}: channel {}: its weights, in steps of their scale {}, do not fit int{}, or their sums "
        "do not fit int32",
        place, n, scale, values.weight_bits));
  }
  return scale;
}

/// A row of weights in steps of their channels' scales, half away from zero, as std::round does it,
/// in a form that vectorises. A scale of 0 leaves a channel's weights 0.
SYSTOL_PER_PROCESSOR void quantise_row(const float* __restrict weights,
                                       const double* __restrict scales, WeightLevels bounds,
                                       std::int8_t* __restrict levels,
                                       std::int64_t* __restrict totals, std::size_t count) {
  for (std::size_t n = 0; n < count; ++n) {
    const double scale = scales[n] > 0.0 ? scales[n] : INFINITY;
    const double level = static_cast<double>(weights[n]) / scale;
    const double whole = std::trunc(level);
    double rounded = whole + std::copysign(std::abs(level - whole) >= 0.5 ? 1.0 : 0.0, level);
    rounded = rounded < bounds.least ? bounds.least : rounded;
    rounded = rounded > bounds.most ? bounds.most : rounded;
    const auto integer = static_cast<std::int32_t>(rounded);
    levels[n] = static_cast<std::int8_t>(integer);
    totals[n] += integer;
  }
}

/// 1, or -1 for what is negative.
void quantise_signs(const float* weights, std::int8_t* levels, std::int64_t* totals,
                    std::size_t count) {
  for (std::size_t n = 0; n < count; ++n) {
    levels[n] = weights[n] < 0.0F ? std::int8_t{-1} : std::int8_t{1};
    totals[n] += levels[n];
  }
}

/// Row after row, as the weights lie in memory; returns each channel's sum of weights.
std::vector<std::int64_t> quantise_weights(const DenseValues& values,
                                           const std::vector<double>& scales, QuantMatMul& result) {
  const std::size_t outputs = values.shape.outputs;
  const WeightLevels bounds = weight_levels(values.weight_bits, values.scales != nullptr);
  std::vector<std::int64_t> totals(outputs);
  each_row(values, [&](std::size_t row, const float* weights) {
    std::int8_t* levels = &result.weights[row * outputs];
    if (values.weight_bits == 1) {
      quantise_signs(weights, levels, totals.data(), outputs);
    } else {
      quantise_row(weights, scales.data(), bounds, levels, totals.data(), outputs);
    }
  });
  return totals;
}

/// The bias in units of the sums, with the input's zero point folded in.
std::int32_t folded_bias(double bias, std::int64_t total, Quantisation input, double scale,
                         bool down) {
  const double exact = bias / (static_cast<double>(input.scale) * scale);
  const double units = down ? std::floor(exact) : exact;
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(
      std::llround(units) - total * input.zero_point, std::numeric_limits<std::int32_t>::min(),
      std::numeric_limits<std::int32_t>::max()));
}

/// The bias in steps of a sum of int32.
std::int32_t steps_of(double bias, double step) {
  return static_cast<std::int32_t>(std::clamp(std::round(bias / step), -kPartLimit, kPartLimit));
}

}  // namespace

QuantMatMul quantise_l1(const DenseValues& values, std::span<const float> factors,
                        Quantisation input, Quantisation output, const std::string& place) {
  const std::size_t outputs = values.shape.outputs;
  QuantMatMul result;
  result.weights.resize(values.weights.size());
  std::ranges::transform(values.weights, result.weights.begin(),
                         [&](float weight) { return to_int8(static_cast<double>(weight), input); });
  result.zero_point = output.zero_point;
  result.scales.assign(outputs, input.scale);
  for (std::size_t n = 0; n < outputs; ++n) {
    const double factor = factors.empty() ? 1.0 : static_cast<double>(factors[n]);
    if (!(factor > 0.0) || !std::isfinite(factor)) {
      throw InputError(fmt::format("{}: channel {}: found the scale {}, allowed: a positive number",
                                   place, n, factor));
    }
    const double step = static_cast<double>(input.scale) * factor;
    result.bias.push_back(
        values.bias.empty() ? 0 : steps_of(static_cast<double>(values.bias[n]), step));
    const Rescale rescale = fixed_point(step / static_cast<double>(output.scale));
    result.multiplier.push_back(rescale.multiplier);
    result.shift.push_back(rescale.shift);
  }
  return result;
}

QuantMatMul quantise_matmul(const DenseValues& values, Quantisation input, Quantisation output,
                            const std::string& place) {
  const std::size_t outputs = values.shape.outputs;
  const auto bias = [&](std::size_t n) {
    return values.bias.empty() ? 0.0 : static_cast<double>(values.bias[n]);
  };
  QuantMatMul result;
  result.weights.resize(std::size_t{values.shape.inputs} * outputs);
  result.bias.assign(outputs, 0);
  result.multiplier.assign(outputs, 0);
  result.shift.assign(outputs, 1);
  result.zero_point = output.zero_point;
  const Channels channels = channels_of(values);
  std::vector<double> suited = suited_scales(values, channels);
  std::vector<double> scales(outputs);
  for (std::size_t n = 0; n < outputs; ++n) {
    scales[n] = values.scales == nullptr ? weight_scale(suited[n], channels, n, bias(n), input)
                                         : own_scale(values, channels, n, bias(n), input, place);
  }
  result.scales.assign(scales.begin(), scales.end());
  const std::vector<std::int64_t> totals = quantise_weights(values, scales, result);
  for (std::size_t n = 0; n < outputs; ++n) {
    if (scales[n] > 0.0) {
      result.bias[n] = folded_bias(bias(n), totals[n], input, scales[n], values.signs);
      const Rescale factor = fixed_point(static_cast<double>(input.scale) * scales[n] /
                                         static_cast<double>(output.scale));
      result.multiplier[n] = factor.multiplier;
      result.shift[n] = factor.shift;
    }
  }
  return result;
}

}  // namespace systol
