#include "host/reference/integer_network.h"

#include <algorithm>
#include <stdexcept>

#include "host/reference/integer_matmul.h"
#include "host/reference/requantise_row.h"

namespace systol {
namespace {

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

/// One node for all rows; `x` is its first input.
struct IntegerNode {
  const Graph& graph;
  const Node& node;
  std::span<const std::int8_t> x;
  std::size_t rows;
  unsigned threads;

  /// sum[row][n] = sum over k of x[row][k] * w[k][n], in int32: the importers bound k so that no
  /// sum overflows.
  std::vector<std::int8_t> operator()(const QuantMatMul& matmul) const {
    const std::size_t k = matmul_shape(graph, node).inputs;
    const std::size_t n = matmul_shape(graph, node).outputs;
    std::vector<std::int32_t> sums(rows * n);
    integer_matmul({rows, n, k, k, n, n}, x.data(), matmul.weights.data(), sums.data(), threads);
    const ReferenceChannels channels{matmul.bias.data(), matmul.multiplier.data(),
                                     matmul.shift.data()};
    const ReferenceRange range{matmul.zero_point, matmul.minimum, matmul.maximum};
    std::vector<std::int8_t> result(sums.size());
    for (std::size_t at = 0; at < sums.size(); at += n) {
      requantise_row(channels, range, &sums[at], &result[at], n);
    }
    return result;
  }

  std::vector<std::int8_t> operator()(const QuantMap& map) const {
    std::vector<std::int8_t> result(x.size());
    std::ranges::transform(x, result.begin(), [&map](std::int8_t value) {
      return map.table[static_cast<std::size_t>(value + 128)];
    });
    return result;
  }

  std::vector<std::int8_t> operator()(const QuantSoftmax& operation) const {
    std::vector<std::int8_t> result(x.size());
    const std::size_t width = elements(graph.shape(node.output));
    for (std::size_t at = 0; at < x.size(); at += width) {
      softmax(operation.table, x.subspan(at, width), std::span(result).subspan(at, width));
    }
    return result;
  }

  template <class Other>
  [[noreturn]] std::vector<std::int8_t> operator()(const Other&) const {
    throw std::invalid_argument("run_integer: it cannot be computed yet");
  }

  std::vector<std::int8_t> operator()(const QuantView&) const { return {x.begin(), x.end()}; }
};

}  // namespace

IntegerResult run_integer(const QuantGraph& quantised, std::span<const std::int8_t> inputs,
                          std::size_t rows, unsigned threads) {
  const Graph& graph = *quantised.graph;
  if (inputs.size() != rows * graph.input_size()) {
    throw std::invalid_argument("run_integer: inputs are not [rows][input values]");
  }
  IntegerResult result;
  result.tensors.resize(graph.tensors.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const TensorId input = node.inputs.front();
    const std::span<const std::int8_t> x =
        input == graph.inputs.front() ? inputs : result.of(input);
    result.tensors[index_of(node.output)] =
        std::visit(IntegerNode{graph, node, x, rows, threads}, quantised.nodes[i]);
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
