// BatchNormalization, LayerNormalization and InstanceNormalization.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/import/onnx_handlers.h"
#include "host/import/onnx_window.h"

namespace systol::onnx_import {
namespace {

/// A constant for each channel, [C], as [C, 1, 1] so that it repeats over a value of `rank` axes
/// whose second is the channels.
FloatTensor per_channel(FloatTensor constant, std::size_t rank) {
  constant.shape.insert(constant.shape.end(), rank > 2 ? rank - 2 : 0, 1);
  return constant;
}

FloatTensor channel_input(Lowering& lowering, const Node& node, int index, std::int64_t channels) {
  FloatTensor constant = lowering.values().floats(node, index);
  if (constant.shape != Shape{channels}) {
    node.fail(fmt::format("its input {} has shape {}, expected [{}]", index + 1,
                          to_string(constant.shape), channels));
  }
  return constant;
}

/// value * scale + bias.
void define_scaled(Lowering& lowering, const Node& node, Activation value, const FloatTensor& scale,
                   const std::optional<FloatTensor>& bias) {
  value.tensor =
      with_constant(lowering, node, bias ? "scaled" : "", BinaryFunction::Multiply, value, scale);
  if (bias) {
    value.tensor = with_constant(lowering, node, "", BinaryFunction::Add, value, *bias);
  }
  lowering.values().define(node, std::move(value));
}

}  // namespace

void lower_batch_normalization(Lowering& lowering, const Node& node) {
  if (node.integer_attribute("training_mode", 0) != 0) {
    node.fail("it is in training mode; export the model for inference");
  }
  Activation value = lowering.input(node, 0);
  if (value.shape.size() < 2) {
    node.fail("its input has no channels");
  }
  value = lowering.with_batch(node, std::move(value), 0);
  const std::int64_t channels = value.shape[1];
  FloatTensor scale = channel_input(lowering, node, 1, channels);
  FloatTensor bias = channel_input(lowering, node, 2, channels);
  const FloatTensor mean = channel_input(lowering, node, 3, channels);
  const FloatTensor variance = channel_input(lowering, node, 4, channels);
  const double epsilon = node.float_attribute("epsilon", 1e-5F);
  for (std::size_t c = 0; c < scale.values.size(); ++c) {
    const double spread = static_cast<double>(variance.values[c]) + epsilon;
    if (!(spread > 0.0)) {
      node.fail(fmt::format("the variance of channel {} is {}", c, variance.values[c]));
    }
    const double factor = static_cast<double>(scale.values[c]) / std::sqrt(spread);
    scale.values[c] = static_cast<float>(factor);
    bias.values[c] = static_cast<float>(static_cast<double>(bias.values[c]) -
                                        static_cast<double>(mean.values[c]) * factor);
  }
  const std::size_t rank = value.shape.size();
  define_scaled(lowering, node, std::move(value), per_channel(std::move(scale), rank),
                per_channel(std::move(bias), rank));
}

void lower_layer_normalization(Lowering& lowering, const Node& node) {
  for (int output = 1; output < node.proto().output_size(); ++output) {
    if (node.has_output(output) && lowering.values().is_read(node.output(output))) {
      node.fail("its outputs of the mean and the variance are not supported");
    }
  }
  Activation value = lowering.input(node, 0);
  const std::size_t rank = value.shape.size();
  const std::size_t first = node.axis(node.integer_attribute("axis", -1), rank);
  for (std::size_t axis = first; axis < rank; ++axis) {
    Lowering::keep_batch(node, value, axis, "normalises over");
  }
  TensorId tensor = lowering.in_order(value);
  if (first + 1 < rank) {
    const auto all = static_cast<std::int64_t>(elements(value.shape));
    std::int64_t row = 1;
    for (std::size_t axis = first; axis < rank; ++axis) {
      row *= value.shape[axis];
    }
    tensor = lowering.in_shape(tensor, {all / row, row});
  }
  value.order = row_major(value);
  value.tensor =
      lowering.add("normalised", Normalise{node.float_attribute("epsilon", 1e-5F)}, {tensor});
  std::optional<FloatTensor> bias;
  if (node.has_input(2)) {
    bias = lowering.values().floats(node, 2);
  }
  define_scaled(lowering, node, std::move(value), lowering.values().floats(node, 1), bias);
}

void lower_instance_normalization(Lowering& lowering, const Node& node) {
  const Image image = image_of(lowering, node);
  const TensorId tensor = lowering.add(
      "normalised", Normalise{node.float_attribute("epsilon", 1e-5F), true}, {image.tensor});
  Activation value{
      tensor, lowering.values().activation(node, 0).shape, 0, channels_last(image.rank), {}};
  define_scaled(lowering, node, std::move(value),
                per_channel(channel_input(lowering, node, 1, image.shape[2]), image.rank),
                per_channel(channel_input(lowering, node, 2, image.shape[2]), image.rank));
}

}  // namespace systol::onnx_import
