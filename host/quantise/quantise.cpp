#include "host/quantise/quantise.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "host/quantise/joint.h"
#include "host/quantise/masked.h"
#include "host/quantise/node_quantiser.h"
#include "host/quantise/requantised.h"
#include "host/quantise/states.h"
#include "host/quantise/symmetric.h"
#include "host/quantise/tables.h"
#include "sim/base/error.h"

namespace systol {

std::shared_ptr<const Graph> quantisable(const std::shared_ptr<const Graph>& graph) {
  return with_symmetric_operands(
      with_joint_inputs(with_fixed_quantisations(with_own_next_values(graph))));
}

QuantGraph quantise(const std::shared_ptr<const Graph>& graph, std::span<const float> calibration,
                    std::size_t rows, Calibration method, const FloatObserver& seen,
                    std::uint32_t weight_bits, bool two_of_four) {
  if (rows == 0 || calibration.size() != rows * graph->input_size()) {
    throw std::invalid_argument("quantise: calibration is not [rows][graph.input_size()]");
  }
  QuantGraph result;
  result.graph = quantisable(graph);
  RowMaxima maxima;
  std::vector<ValueRange> ranges = calibrated_ranges(*result.graph, calibration, rows, method,
                                                     observe_rows(*result.graph, maxima, seen));
  narrow_masked(*result.graph, maxima, ranges);
  NodeQuantiser::Result integers =
      NodeQuantiser(*result.graph, std::move(ranges), weight_bits, two_of_four).run();
  result.tensors = std::move(integers.tensors);
  result.nodes = std::move(integers.nodes);
  for (const State& state : result.graph->states) {
    std::vector<float> initial = state.initial;
    initial.resize(elements(result.graph->shape(state.value)));
    result.states.push_back(quantise_input(initial, result.of(state.value)));
  }
  return result;
}

std::vector<std::int8_t> quantise_input(std::span<const float> values, Quantisation quantisation) {
  std::vector<std::int8_t> result(values.size());
  std::transform(values.begin(), values.end(), result.begin(), [&](float value) {
    return std::isnan(value) ? quantisation.zero_point
                             : to_int8(static_cast<double>(value), quantisation);
  });
  return result;
}

std::vector<std::int8_t> quantise_inputs(const QuantGraph& graph, std::span<const float> values) {
  std::vector<std::int8_t> result;
  result.reserve(values.size());
  while (!values.empty()) {
    for (const TensorId input : graph.graph->inputs) {
      const std::size_t size = elements(graph.graph->shape(input));
      const std::vector<std::int8_t> part = quantise_input(values.first(size), graph.of(input));
      result.insert(result.end(), part.begin(), part.end());
      values = values.subspan(size);
    }
  }
  return result;
}

std::vector<float> dequantise(std::span<const std::int8_t> values, Quantisation quantisation) {
  std::vector<float> result(values.size());
  std::transform(values.begin(), values.end(), result.begin(), [&](std::int8_t value) {
    return quantisation.scale * static_cast<float>(value - quantisation.zero_point);
  });
  return result;
}

}  // namespace systol
