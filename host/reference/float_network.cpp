#include "host/reference/float_network.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace systol {
namespace {

/// The range of the values; a value that is not a number makes the range infinite.
ValueRange range_of(std::span<const float> values) {
  ValueRange range{INFINITY, -INFINITY};
  for (const float value : values) {
    if (std::isnan(value)) {
      return {-INFINITY, INFINITY};
    }
    range.low = std::min(range.low, value);
    range.high = std::max(range.high, value);
  }
  return range;
}

/// [rows][inputs] times the layer's weights plus its bias: [rows][outputs].
std::vector<float> sums_of(const DenseLayer& layer, std::span<const float> inputs,
                           std::size_t rows) {
  std::vector<float> result(rows * layer.outputs);
  std::vector<double> sums(layer.outputs);
  for (std::size_t row = 0; row < rows; ++row) {
    std::copy(layer.bias.begin(), layer.bias.end(), sums.begin());
    for (std::size_t k = 0; k < layer.inputs; ++k) {
      const double x = inputs[row * layer.inputs + k];
      const float* weights = &layer.weights[k * layer.outputs];
      for (std::size_t n = 0; n < layer.outputs; ++n) {
        sums[n] += x * static_cast<double>(weights[n]);
      }
    }
    std::transform(sums.begin(), sums.end(), &result[row * layer.outputs],
                   [](double sum) { return static_cast<float>(sum); });
  }
  return result;
}

void softmax(std::span<float> row) {
  const float peak = *std::max_element(row.begin(), row.end());
  double total = 0.0;
  for (const float x : row) {
    total += std::exp(static_cast<double>(x) - static_cast<double>(peak));
  }
  for (float& x : row) {
    x = static_cast<float>(std::exp(static_cast<double>(x) - static_cast<double>(peak)) / total);
  }
}

float activate(float x, const DenseLayer& layer) {
  switch (layer.activation) {
    case Activation::Relu:
      return std::max(x, 0.0F);
    case Activation::LeakyRelu:
      return x < 0.0F ? x * layer.leaky_slope : x;
    case Activation::Sigmoid:
      return 1.0F / (1.0F + std::exp(-x));
    case Activation::Tanh:
      return std::tanh(x);
    default:
      return x;
  }
}

void activate_all(const DenseLayer& layer, std::span<float> values) {
  if (layer.activation != Activation::Softmax) {
    std::transform(values.begin(), values.end(), values.begin(),
                   [&](float x) { return activate(x, layer); });
    return;
  }
  for (std::size_t at = 0; at < values.size(); at += layer.outputs) {
    softmax(values.subspan(at, layer.outputs));
  }
}

}  // namespace

FloatResult run_float(const Graph& graph, std::span<const float> inputs, std::size_t rows) {
  if (rows == 0 || inputs.size() != rows * graph.inputs()) {
    throw std::invalid_argument("run_float: inputs are not [rows][graph.inputs()]");
  }
  FloatResult result;
  result.input = range_of(inputs);
  for (const DenseLayer& layer : graph.layers) {
    const std::span<const float> from = result.layers.empty() ? inputs : result.scores;
    std::vector<float> values = sums_of(layer, from, rows);
    const ValueRange sums = range_of(values);
    activate_all(layer, values);
    result.layers.push_back({sums, range_of(values)});
    result.scores = std::move(values);
  }
  return result;
}

std::vector<std::size_t> largest(std::span<const float> scores, std::size_t columns) {
  std::vector<std::size_t> result;
  for (std::size_t at = 0; at + columns <= scores.size(); at += columns) {
    const auto row = scores.subspan(at, columns);
    result.push_back(
        static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin()));
  }
  return result;
}

}  // namespace systol
