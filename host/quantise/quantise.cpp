#include "host/quantise/quantise.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "host/quantise/quantise_layer.h"
#include "host/quantise/tables.h"
#include "host/reference/float_network.h"
#include "sim/base/error.h"

namespace systol {
namespace {

void check_finite(ValueRange range, const std::string& graph, const std::string& what) {
  if (!std::isfinite(range.low) || !std::isfinite(range.high)) {
    throw InputError(
        fmt::format("{}: {} values that are not finite float32 numbers on the calibration inputs",
                    graph, what));
  }
}

void check_inputs(const Graph& graph) {
  for (const DenseLayer& layer : graph.layers) {
    if (layer.inputs > kMaxLayerInputs) {
      throw InputError(
          fmt::format("{}: layer '{}' has {} inputs; int32 accumulators hold at most {}",
                      graph.place(), layer.name, layer.inputs, kMaxLayerInputs));
    }
  }
}

}  // namespace

QuantGraph quantise(const Graph& graph, std::span<const float> calibration, std::size_t rows) {
  if (rows == 0 || calibration.size() != rows * graph.inputs()) {
    throw std::invalid_argument("quantise: calibration is not [rows][graph.inputs()]");
  }
  check_inputs(graph);
  const FloatResult measured = run_float(graph, calibration, rows);
  check_finite(measured.input, graph.place(), "the inputs have");
  QuantGraph result;
  result.name = graph.name;
  result.input = affine(measured.input);
  Quantisation input = result.input;
  for (std::size_t i = 0; i < graph.layers.size(); ++i) {
    const std::string place = fmt::format("layer '{}' computes", graph.layers[i].name);
    check_finite(measured.layers[i].sums, graph.place(), place);
    check_finite(measured.layers[i].outputs, graph.place(), place);
    result.layers.push_back(quantise_layer(graph.layers[i], input, measured.layers[i]));
    input = result.layers.back().output;
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

std::vector<float> dequantise(std::span<const std::int8_t> values, Quantisation quantisation) {
  std::vector<float> result(values.size());
  std::transform(values.begin(), values.end(), result.begin(), [&](std::int8_t value) {
    return quantisation.scale * static_cast<float>(value - quantisation.zero_point);
  });
  return result;
}

}  // namespace systol
