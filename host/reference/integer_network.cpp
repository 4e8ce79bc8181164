#include "host/reference/integer_network.h"

#include <algorithm>
#include <stdexcept>

#include "host/reference/integer_matmul.h"
#include "host/reference/requantise_row.h"

namespace systol {
namespace {

/// sum[row][n] = sum over k of x[row][k] * w[k][n], in int32: quantise() bounds k so that no sum
/// overflows.
std::vector<std::int32_t> sums_of(const QuantDense& layer, std::span<const std::int8_t> x,
                                  std::size_t rows, unsigned threads) {
  std::vector<std::int32_t> sums(rows * layer.outputs);
  integer_matmul({rows, layer.outputs, layer.inputs, layer.inputs, layer.outputs, layer.outputs},
                 x.data(), layer.weights.data(), sums.data(), threads);
  return sums;
}

/// The sums requantised, then through the table.
std::vector<std::int8_t> logits_of(const QuantDense& layer, const std::vector<std::int32_t>& sums) {
  const ReferenceChannels channels{layer.bias.data(), layer.multiplier.data(), layer.shift.data()};
  const ReferenceRange range{layer.zero_point, layer.minimum, layer.maximum};
  std::vector<std::int8_t> logits(sums.size());
  for (std::size_t at = 0; at < sums.size(); at += layer.outputs) {
    requantise_row(channels, range, &sums[at], &logits[at], layer.outputs);
  }
  if (layer.table) {
    std::ranges::transform(logits, logits.begin(), [&](std::int8_t y) {
      return (*layer.table)[static_cast<std::size_t>(y + 128)];
    });
  }
  return logits;
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

IntegerLayer run_layer(const QuantDense& layer, std::span<const std::int8_t> x, std::size_t rows,
                       unsigned threads) {
  IntegerLayer result;
  result.logits = logits_of(layer, sums_of(layer, x, rows, threads));
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
                          std::size_t rows, unsigned threads) {
  if (graph.layers.empty() || inputs.size() != rows * graph.layers.front().inputs) {
    throw std::invalid_argument("run_integer: inputs are not [rows][inputs of the first layer]");
  }
  IntegerResult result;
  for (const QuantDense& layer : graph.layers) {
    const std::span<const std::int8_t> from =
        result.layers.empty() ? inputs : result.layers.back().outputs;
    result.layers.push_back(run_layer(layer, from, rows, threads));
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
