#include "host/reference/integer_network.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace systol {
namespace {

/// sum[row][n] = sum over k of x[row][k] * w[k][n], in int32: quantise() bounds k so that no sum
/// overflows.
std::vector<std::int32_t> sums_of(const QuantDense& layer, std::span<const std::int8_t> x,
                                  std::size_t rows) {
  std::vector<std::int32_t> sums(rows * layer.outputs, 0);
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t k = 0; k < layer.inputs; ++k) {
      const std::int32_t factor = x[row * layer.inputs + k];
      for (std::size_t n = 0; n < layer.outputs; ++n) {
        sums[row * layer.outputs + n] += factor * layer.weights[k * layer.outputs + n];
      }
    }
  }
  return sums;
}

std::int64_t saturate32(std::int64_t value) {
  return std::clamp<std::int64_t>(value, std::numeric_limits<std::int32_t>::min(),
                                  std::numeric_limits<std::int32_t>::max());
}

/// y = clamp(((t * multiplier + 2^(shift - 1)) >> shift) + zero_point, minimum, maximum), then the
/// table.
std::int8_t output_of(const QuantDense& layer, std::size_t n, std::int32_t sum) {
  const std::int64_t t = saturate32(std::int64_t{sum} + layer.bias[n]);
  const std::int64_t half = std::int64_t{1} << (layer.shift[n] - 1);
  const std::int64_t scaled = (t * layer.multiplier[n] + half) >> layer.shift[n];
  const std::int64_t y =
      std::clamp<std::int64_t>(scaled + layer.zero_point, layer.minimum, layer.maximum);
  return layer.table ? (*layer.table)[static_cast<std::size_t>(y + 128)]
                     : static_cast<std::int8_t>(y);
}

/// p[i] = min(127, ((e[i] * r + 2^31) >> 32) - 128) with e[i] = table[max - x[i]] and
/// r = floor(2^40 / sum of e).
void softmax(const std::array<std::uint16_t, 256>& table, std::span<const std::int8_t> x,
             std::span<std::int8_t> p) {
  const int peak = *std::max_element(x.begin(), x.end());
  std::uint64_t total = 0;
  for (const std::int8_t value : x) {
    total += table[static_cast<std::size_t>(peak - value)];
  }
  const std::uint64_t reciprocal = (std::uint64_t{1} << 40) / total;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::uint64_t e = table[static_cast<std::size_t>(peak - x[i])];
    const std::uint64_t rounded = (e * reciprocal + (std::uint64_t{1} << 31)) >> 32;
    p[i] = static_cast<std::int8_t>(std::min(static_cast<int>(rounded) - 128, 127));
  }
}

IntegerLayer run_layer(const QuantDense& layer, std::span<const std::int8_t> x, std::size_t rows) {
  const std::vector<std::int32_t> sums = sums_of(layer, x, rows);
  IntegerLayer result;
  result.logits.resize(sums.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    result.logits[i] = output_of(layer, i % layer.outputs, sums[i]);
  }
  result.outputs = result.logits;
  if (layer.softmax_table) {
    const std::span<const std::int8_t> logits = result.logits;
    for (std::size_t at = 0; at < logits.size(); at += layer.outputs) {
      softmax(*layer.softmax_table, logits.subspan(at, layer.outputs),
              std::span(result.outputs).subspan(at, layer.outputs));
    }
  }
  return result;
}

}  // namespace

IntegerResult run_integer(const QuantGraph& graph, std::span<const std::int8_t> inputs,
                          std::size_t rows) {
  if (graph.layers.empty() || inputs.size() != rows * graph.layers.front().inputs) {
    throw std::invalid_argument("run_integer: inputs are not [rows][inputs of the first layer]");
  }
  IntegerResult result;
  for (const QuantDense& layer : graph.layers) {
    const std::span<const std::int8_t> from =
        result.layers.empty() ? inputs : result.layers.back().outputs;
    result.layers.push_back(run_layer(layer, from, rows));
  }
  return result;
}

std::vector<std::size_t> largest(std::span<const std::int8_t> values, std::size_t columns) {
  std::vector<std::size_t> result;
  for (std::size_t at = 0; at + columns <= values.size(); at += columns) {
    const auto row = values.subspan(at, columns);
    result.push_back(
        static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin()));
  }
  return result;
}

}  // namespace systol
