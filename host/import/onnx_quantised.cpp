// QuantizeLinear and DequantizeLinear: constants become float32, and what a pair around a value
// says is kept for the quantiser.
#include "host/import/onnx_quantised.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "host/import/onnx_handlers.h"

namespace systol::onnx_import {
namespace {

/// Scales and zero points of a constant, one of each or one for each extent of an axis.
struct Scales {
  std::vector<float> scale;
  Integers zero;
  std::vector<float> float_zero;  ///< the same
  bool is_signed = false;
  bool has_zero = false;
  std::size_t axis = 0;
  std::size_t inner = 1;  ///< values after one another that have the same scale

  std::size_t channel(std::size_t index) const { return index / inner % scale.size(); }
};

Scales scales_of_constant(const Values& values, const Node& node, const Shape& shape) {
  const FloatTensor scale = values.floats(node, 1);
  Scales result{scale.values, Integers(scale.values.size(), 0), {}};
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
    result.has_zero = true;
  }
  result.float_zero.assign(result.zero.begin(), result.zero.end());
  return result;
}

/// Writes the values of whole numbers, of which the first is number `index` of the constant.
template <class Number>
void dequantise(std::span<const Number> numbers, std::size_t index, const Scales& scales,
                std::span<float> to) {
  const std::size_t channels = scales.scale.size();
  for (std::size_t first = 0; first < numbers.size();) {
    const std::size_t channel = scales.channel(index + first);
    const std::size_t left =
        scales.inner == 1 ? channels - channel : scales.inner - (index + first) % scales.inner;
    const std::size_t step = scales.inner == 1 ? 1 : 0;  // of the channel, from value to value
    const std::size_t count = std::min(left, numbers.size() - first);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t its = channel + i * step;
      to[first + i] =
          (static_cast<float>(numbers[first + i]) - scales.float_zero[its]) * scales.scale[its];
    }
    first += count;
  }
}

/// The values of numbers of one byte that a file holds.
template <class Number>
std::vector<float> dequantised(const FilePart& part, const Scales& scales) {
  std::vector<float> result;
  result.reserve(part.size);
  std::vector<float> values(std::min<std::uint64_t>(part.size, FilePart::kPiece));
  part.read([&](std::span<const std::byte> piece) {
    const std::span numbers(reinterpret_cast<const Number*>(piece.data()), piece.size());
    dequantise<Number>(numbers, result.size(), scales, values);
    result.insert(result.end(), values.begin(),
                  values.begin() + static_cast<std::ptrdiff_t>(piece.size()));
  });
  return result;
}

/// The steps of numbers of ONNX's type `type`.
Steps steps_of(const Scales& scales, std::int32_t type) {
  Steps steps{scales.scale, scales.axis, {}};
  const std::int64_t low = type == onnx::TensorProto::INT8 ? -128 : 0;
  const bool bytes = type == onnx::TensorProto::INT8 || type == onnx::TensorProto::UINT8;
  steps.narrow = bytes && std::ranges::all_of(scales.zero, [low](std::int64_t zero) {
                   return low - zero >= -128 && low + 255 - zero <= 127;
                 });
  if (scales.zero.size() == 1) {
    const bool is_signed = scales.has_zero ? scales.is_signed : type == onnx::TensorProto::INT8;
    steps.zero = static_cast<std::int32_t>(scales.zero[0]) - (is_signed ? 0 : 128);
  }
  return steps;
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

/// Whether that is so of all numbers that the constant's type has, so that none is looked at. Of
/// steps that are rounded, as those that a factor changes, it must be seen.
bool fit_by_type(const Steps& steps, float factor) {
  return steps.narrow && factor == 1.0F &&
         std::ranges::all_of(steps.scale, [](float step) { return std::isnormal(step); });
}

/// Whether every value is a number of steps that int8 holds.
bool fit_int8(const Constant& constant, const std::vector<float>& steps) {
  const std::vector<float> values = constant.source ? constant.source() : constant.values;
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
  dequantise<float>(result, 0, scales, result);
  return {from.shape, std::move(result), 0, steps_of(scales, from.type)};
}

std::optional<Weights> dequantised_later(const Values& values, const Node& node) {
  const auto stored = values.initializer(node, 0);
  if (!stored || !bytes_wait(*stored)) {
    return std::nullopt;
  }
  const std::int32_t type = stored->proto.data_type();
  const Shape shape =
      checked_shape(*stored, fmt::format("{}: constant '{}'", node.place(), node.input(0)));
  const Scales scales = scales_of_constant(values, node, shape);
  Weights result{shape, {}, {}, steps_of(scales, type)};
  if (type == onnx::TensorProto::INT8) {
    result.source = [part = *stored->part, scales] {
      return dequantised<std::int8_t>(part, scales);
    };
  } else {
    result.source = [part = *stored->part, scales] {
      return dequantised<std::uint8_t>(part, scales);
    };
  }
  return result;
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
                      (fit_by_type(*given, factor) || fit_int8(*graph.constant(weights), steps));
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
  const bool last = !lowering.values().is_read_by_node(node.output());
  if (!last && !lowering.values().is_read_by(node.output(), "DequantizeLinear")) {
    node.fail("a node other than DequantizeLinear reads it, which is not supported");
  }
  const Activation value = lowering.values().activation(node, 0);
  const FixedQuantisation fixed = quantisation_of(lowering.values(), node);
  const auto [known, fresh] = lowering.graph().fixed_quantisations.try_emplace(value.tensor, fixed);
  if (!fresh && known->second != fixed) {
    node.fail("its input is quantised a second time in another way, which is not supported");
  }
  if (last) {
    lowering.graph().notes.push_back(fmt::format(
        "node '{}' (QuantizeLinear) is the last: its output is given in real units, not in steps",
        node.name()));
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
