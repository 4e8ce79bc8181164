// QuantizeLinear and DequantizeLinear: constants become float32, and what a pair around a value
// says is kept for the quantiser.
#include "host/import/onnx_quantised.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/import/onnx_handlers.h"

namespace systol::onnx_import {
namespace {

/// Scales and zero points of a constant, one of each or one for each extent of an axis.
struct Scales {
  std::vector<float> scale;
  Integers zero;
  bool is_signed = false;
  std::size_t axis = 0;
  std::size_t inner = 1;  ///< values after one another that have the same scale

  std::size_t channel(std::size_t index) const { return index / inner % scale.size(); }
};

Scales scales_of_constant(const Values& values, const Node& node, const Shape& shape) {
  const FloatTensor scale = values.floats(node, 1);
  Scales result{scale.values, Integers(scale.values.size(), 0)};
  std::size_t first = 0;
  if (scale.values.size() > 1) {
    result.axis = node.axis(node.integer_attribute("axis", 1), shape.size());
    first = result.axis + 1;
    if (scale.shape != Shape{shape[result.axis]}) {
      node.fail(fmt::format("its scale has shape {}, expected [{}]", to_string(scale.shape),
                            shape[result.axis]));
    }
  }
  for (std::size_t i = first; i < shape.size(); ++i) {
    result.inner *= static_cast<std::size_t>(shape[i]);
  }
  if (node.has_input(2)) {
    const HostTensor points = values.constant(node, 2);
    if (!points.integral() || points.size() != result.zero.size()) {
      node.fail("its zero points must be whole numbers, one for each scale");
    }
    result.zero = std::get<1>(points.values);
    result.is_signed = points.type == onnx::TensorProto::INT8;
  }
  return result;
}

/// The steps of `count` channels; empty where they lie along another axis.
std::vector<float> steps_of_channels(const Steps& steps, std::size_t axis, std::size_t count) {
  const std::size_t given = steps.scale.size();
  std::vector<float> result;
  if (given == 1 || (steps.axis == axis && count % given == 0)) {
    for (std::size_t channel = 0; channel < count; ++channel) {
      result.push_back(steps.scale[channel % given]);  // transposed convolutions repeat them
    }
  }
  return result;
}

/// Whether every value is a number of steps that int8 holds.
bool fit_int8(const std::vector<float>& values, const std::vector<float>& steps) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float level = std::nearbyint(values[i] / steps[i % steps.size()]);
    if (!(level >= -128.0F && level <= 127.0F)) {
      return false;
    }
  }
  return true;
}

/// The scale and zero point of an activation, as an int8 tensor has them.
FixedQuantisation quantisation_of(const Values& values, const Node& node) {
  const FloatTensor scale = values.floats(node, 1);
  FixedQuantisation fixed{scale.values.front(), -128};
  if (scale.values.size() != 1 || !(fixed.scale > 0.0F)) {
    node.fail("its scale must be one positive number where its input depends on the sample");
  }
  if (!node.has_input(2)) {
    return fixed;
  }
  const HostTensor point = values.constant(node, 2);
  const bool is_signed = point.type == onnx::TensorProto::INT8;
  if (point.size() != 1 || (!is_signed && point.type != onnx::TensorProto::UINT8)) {
    node.fail("its zero point must be one number of int8 or uint8");
  }
  const std::int64_t zero = std::get<1>(point.values).front();
  fixed.zero_point = static_cast<std::int32_t>(is_signed ? zero : zero - 128);
  return fixed;
}

}  // namespace

HostTensor dequantised(const Values& values, const Node& node) {
  const HostTensor from = values.constant(node, 0);
  const Scales scales = scales_of_constant(values, node, from.shape);
  std::vector<float> result = from.floats();
  for (std::size_t i = 0; i < result.size(); ++i) {
    const std::size_t channel = scales.channel(i);
    result[i] = (result[i] - static_cast<float>(scales.zero[channel])) * scales.scale[channel];
  }
  Steps steps{scales.scale, scales.axis, {}};
  if (scales.zero.size() == 1) {
    const bool is_signed =
        node.has_input(2) ? scales.is_signed : from.type == onnx::TensorProto::INT8;
    steps.zero = static_cast<std::int32_t>(scales.zero[0]) - (is_signed ? 0 : 128);
  }
  return {from.shape, std::move(result), 0, std::move(steps)};
}

HostTensor quantised(const Values& values, const Node& node) {
  const HostTensor from = values.constant(node, 0);
  const Scales scales = scales_of_constant(values, node, from.shape);
  const float low = scales.is_signed ? -128.0F : 0.0F;
  Integers result;
  std::size_t index = 0;
  for (const float value : from.floats()) {
    const std::size_t channel = scales.channel(index++);
    const float rounded =
        std::nearbyint(value / scales.scale[channel]) + static_cast<float>(scales.zero[channel]);
    result.push_back(static_cast<std::int64_t>(std::clamp(rounded, low, low + 255.0F)));
  }
  return {from.shape, std::move(result),
          scales.is_signed ? onnx::TensorProto::INT8 : onnx::TensorProto::UINT8};
}

void keep_steps(Lowering& lowering, const Node& node, std::size_t axis, TensorId weights,
                float factor) {
  const Steps* given = lowering.values().steps(node, 1);
  if (given == nullptr) {
    return;
  }
  Graph& graph = lowering.graph();
  const auto channels = static_cast<std::size_t>(graph.shape(weights).back());
  std::vector<float> steps = steps_of_channels(*given, axis, channels);
  for (float& step : steps) {
    step *= std::abs(factor);
  }
  const bool usable = !steps.empty() &&
                      std::ranges::all_of(steps, [](float step) { return step > 0.0F; }) &&
                      fit_int8(graph.constant(weights)->values, steps);
  if (usable) {
    graph.weight_scales[weights] = std::move(steps);
  } else {
    graph.notes.push_back(fmt::format(
        "{}: its weights, less their zero points, are no int8 with a scale for each output: they "
        "are quantised anew",
        node.place()));
  }
}

void keep_constant_step(Lowering& lowering, const Node& node, int index, TensorId joined) {
  const Steps* steps = lowering.values().steps(node, index);
  const auto& nodes = lowering.graph().nodes;
  const bool made =
      steps != nullptr && steps->zero && !nodes.empty() && nodes.back().output == joined;
  if (!made || !std::holds_alternative<Binary>(nodes.back().operation)) {
    return;
  }
  const std::int32_t zero = *steps->zero;
  const float scale = steps->scale.front();
  for (const TensorId id : nodes.back().inputs) {
    const Constant* constant = lowering.graph().constant(id);
    const bool fits = constant != nullptr && scale > 0.0F &&
                      std::ranges::all_of(constant->values, [&](float value) {
                        const float level =
                            std::nearbyint(value / scale) + static_cast<float>(zero);
                        return level >= -128.0F && level <= 127.0F;
                      });
    if (fits) {
      lowering.graph().fixed_quantisations[id] = {scale, zero};
    }
  }
}

void lower_quantize(Lowering& lowering, const Node& node) {
  if (!lowering.values().is_read_by(node.output(), "DequantizeLinear")) {
    node.fail("a node other than DequantizeLinear reads it, which is not supported");
  }
  const Activation value = lowering.values().activation(node, 0);
  const FixedQuantisation fixed = quantisation_of(lowering.values(), node);
  const auto [known, fresh] = lowering.graph().fixed_quantisations.try_emplace(value.tensor, fixed);
  if (!fresh && known->second != fixed) {
    node.fail("its input is quantised a second time in another way, which is not supported");
  }
  lowering.values().define(node, value);
}

namespace {

/// The input's numbers are what its tensor is in int8.
void dequantise_input(Lowering& lowering, const Node& node, WholeInput& whole) {
  const bool is_signed = whole.low == -128;
  if (!is_signed && whole.high != 255) {
    node.fail("its input must be int8 or uint8");
  }
  FixedQuantisation fixed = quantisation_of(lowering.values(), node);
  fixed.zero_point = node.has_input(2) ? fixed.zero_point : is_signed ? 0 : -128;
  const std::int32_t zero = is_signed ? fixed.zero_point : fixed.zero_point + 128;
  const bool first = whole.scale == 1.0F && whole.zero == 0;
  if (!first && (whole.scale != fixed.scale || whole.zero != zero)) {
    node.fail("another DequantizeLinear reads its input with another scale or zero point");
  }
  whole.scale = fixed.scale;
  whole.zero = zero;
  lowering.graph().fixed_quantisations[whole.input] = fixed;
}

}  // namespace

void lower_dequantize(Lowering& lowering, const Node& node) {
  const Activation value = lowering.values().activation(node, 0);
  if (WholeInput* whole = lowering.whole_input(value.tensor)) {
    dequantise_input(lowering, node, *whole);
    lowering.values().define(node, value);
    return;
  }
  const auto& known = lowering.graph().fixed_quantisations;
  const auto fixed = known.find(value.tensor);
  if (fixed == known.end() || fixed->second != quantisation_of(lowering.values(), node)) {
    node.fail("its input does not come from a QuantizeLinear with the same scale and zero point");
  }
  lowering.values().define(node, value);
}

}  // namespace systol::onnx_import
