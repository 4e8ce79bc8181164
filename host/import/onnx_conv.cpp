// Conv and ConvTranspose.
#include <fmt/format.h>

#include <algorithm>

#include "host/graph/reordered.h"
#include "host/import/limits.h"
#include "host/import/onnx_handlers.h"
#include "host/import/onnx_quantised.h"
#include "host/import/onnx_window.h"

namespace systol::onnx_import {
namespace {

/// Constant weights [A, B, kh, kw], of one image axis with kh = 1.
Weights conv_weights(Lowering& lowering, const Node& node, std::size_t rank) {
  Weights weights = lowering.values().weights(node, 1);
  if (weights.shape.size() != rank) {
    node.fail(fmt::format("its weights have shape {}, its input has {} axes",
                          to_string(weights.shape), rank));
  }
  if (rank == 3) {
    weights.shape.insert(weights.shape.begin() + 2, 1);
  }
  const std::array<std::int64_t, 2> kernel = {weights.shape[2], weights.shape[3]};
  if (node.attribute("kernel_shape") != nullptr &&
      pair_attribute(node, "kernel_shape", rank, 1) != kernel) {
    node.fail(fmt::format("its attribute 'kernel_shape' is not that of its weights, {}",
                          to_string(weights.shape)));
  }
  return weights;
}

std::int64_t groups_of(const Node& node, const Image& image, std::int64_t divided) {
  const std::int64_t groups = node.integer_attribute("group", 1);
  if (groups < 1 || image.shape[2] % groups != 0 || divided % groups != 0) {
    node.fail(fmt::format("group={} does not divide its {} input channels and its weights' {}",
                          groups, image.shape[2], divided));
  }
  return groups;
}

std::vector<float> conv_bias(Lowering& lowering, const Node& node, std::int64_t outputs) {
  if (!node.has_input(2)) {
    return std::vector<float>(static_cast<std::size_t>(outputs));
  }
  FloatTensor bias = lowering.values().floats(node, 2);
  if (bias.shape != Shape{outputs}) {
    node.fail(fmt::format("its bias has shape {}, expected [{}]", to_string(bias.shape), outputs));
  }
  return std::move(bias.values);
}

/// `weights` are [h][w][I / groups][O]; `axis` of those in the file counts the outputs.
TensorId convolve(Lowering& lowering, const Node& node, TensorId image, Weights weights,
                  const Convolution& convolution, std::size_t axis) {
  const Shape shape = weights.shape;
  check_depth(static_cast<std::uint64_t>(shape[0] * shape[1] * shape[2]), node.place());
  const std::int64_t outputs = shape[3];
  std::vector<float> bias = conv_bias(lowering, node, outputs);
  const TensorId w = lowering.add_weights(std::move(weights));
  keep_steps(lowering, node, axis, w);
  const TensorId b = lowering.add_constant("bias", {outputs}, std::move(bias));
  return lowering.add_layer(convolution, image, w, b);
}

/// ConvTranspose's weights [I, O / groups, kh, kw] as those of the convolution that computes it.
std::vector<float> turned_round(const std::vector<float>& weights, const Shape& shape,
                                std::int64_t groups) {
  const std::int64_t inputs = shape[0] / groups;
  const std::int64_t outputs = shape[1];
  const std::int64_t rows = shape[2];
  const std::int64_t columns = shape[3];
  std::vector<float> result;
  result.reserve(weights.size());
  for (std::int64_t r = rows; r-- > 0;) {
    for (std::int64_t c = columns; c-- > 0;) {
      for (std::int64_t i = 0; i < inputs; ++i) {
        for (std::int64_t o = 0; o < outputs * groups; ++o) {
          const std::int64_t input = o / outputs * inputs + i;
          const std::int64_t at = ((input * outputs + o % outputs) * rows + r) * columns + c;
          result.push_back(weights[static_cast<std::size_t>(at)]);
        }
      }
    }
  }
  return result;
}

/// What is cut off the ends of the whole ConvTranspose, [before, after] for rows and columns;
/// negative where zeros are added.
struct Cut {
  std::array<std::int64_t, 2> before = {0, 0};
  std::array<std::int64_t, 2> after = {0, 0};
};

Cut transposed_cut(const Node& node, const Image& image, const std::array<std::int64_t, 2>& whole,
                   const Window& window) {
  const auto missing =
      node.integers_attribute("output_padding", std::vector<std::int64_t>(image.rank - 2, 0));
  const auto sizes = node.integers_attribute("output_shape", {});
  const std::string rule = node.text_attribute("auto_pad", "NOTSET");
  const std::size_t axes = image.rank - 2;
  if (missing.size() != axes || (!sizes.empty() && sizes.size() != axes)) {
    node.fail(
        fmt::format("its attributes 'output_padding' and 'output_shape' need {} values", axes));
  }
  Cut cut;
  for (std::size_t i = 0; i < axes; ++i) {
    const std::size_t axis = i + 2 - axes;
    if (missing[i] < 0 || missing[i] >= std::max(window.stride[axis], window.dilation[axis])) {
      node.fail(fmt::format("output_padding {} is not less than the stride", missing[i]));
    }
    const bool same = rule == "SAME_UPPER" || rule == "SAME_LOWER";
    if (sizes.empty() && !same) {
      cut.before[axis] = window.before[axis];
      cut.after[axis] = window.after[axis] - missing[i];
      continue;
    }
    const std::int64_t wanted = sizes.empty() ? image.shape[axis] * window.stride[axis] : sizes[i];
    const std::int64_t total = whole[axis] + missing[i] - wanted;
    const std::int64_t half = std::max<std::int64_t>(total, 0) / 2;
    cut.before[axis] = rule == "SAME_UPPER" ? half : std::max<std::int64_t>(total, 0) - half;
    cut.after[axis] = total - cut.before[axis] - missing[i];
  }
  return cut;
}

/// The part of an image that is left without `before` and `after`; the image where they are 0.
TensorId cropped(Lowering& lowering, const Node& node, TensorId image,
                 const std::array<std::int64_t, 2>& before,
                 const std::array<std::int64_t, 2>& after) {
  const Shape shape = lowering.graph().shape(image);
  Slice slice{{before[0], before[1], 0}, shape, {1, 1, 1}};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    slice.sizes[axis] -= before[axis] + after[axis];
    if (slice.sizes[axis] < 1) {
      node.fail("its borders leave nothing of its output");
    }
  }
  return slice.sizes == shape ? image : lowering.add("crop", slice, {image});
}

}  // namespace

void lower_conv(Lowering& lowering, const Node& node) {
  const Image image = image_of(lowering, node);
  Weights weights = conv_weights(lowering, node, image.rank);
  const Shape shape = weights.shape;  // [O, I / groups, kh, kw]
  const Convolution convolution{window_of(node, image, {shape[2], shape[3]}),
                                groups_of(node, image, shape[0]), node.similarity()};
  weights.change([shape](const std::vector<float>& values) {
    return reordered(values, shape, {2, 3, 1, 0});
  });
  weights.shape = {shape[2], shape[3], shape[1], shape[0]};
  define_image(lowering, node,
               convolve(lowering, node, image.tensor, std::move(weights), convolution, 0),
               image.rank);
}

void lower_conv_transpose(Lowering& lowering, const Node& node) {
  const Image image = image_of(lowering, node);
  Weights weights = conv_weights(lowering, node, image.rank);
  const Shape shape = weights.shape;  // [I, O / groups, kh, kw]
  const std::int64_t groups = groups_of(node, image, shape[0]);
  if (shape[0] != image.shape[2]) {
    node.fail(fmt::format("its weights have shape {}, its input {} channels", to_string(shape),
                          image.shape[2]));
  }
  const Window given = window_of(node, image, {1, 1});
  std::array<std::int64_t, 2> reach{};  // of the kernel beyond its first value
  std::array<std::int64_t, 2> whole{};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    reach[axis] = given.dilation[axis] * (shape[axis + 2] - 1);
    whole[axis] = (image.shape[axis] - 1) * given.stride[axis] + reach[axis] + 1;
  }
  const Cut cut = transposed_cut(node, image, whole, given);
  TensorId spread = image.tensor;
  if (given.stride != std::array<std::int64_t, 2>{1, 1}) {
    spread = lowering.add("spread",
                          Pad{{0, 0, 0}, {0, 0, 0}, {given.stride[0] - 1, given.stride[1] - 1, 0}},
                          {spread});
  }
  Convolution convolution{{{1, 1}, given.dilation}, groups};
  std::array<std::int64_t, 2> less_before{};
  std::array<std::int64_t, 2> less_after{};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const std::int64_t before = reach[axis] - cut.before[axis];
    const std::int64_t after = reach[axis] - cut.after[axis];
    convolution.window.before[axis] = std::max<std::int64_t>(before, 0);
    convolution.window.after[axis] = std::max<std::int64_t>(after, 0);
    less_before[axis] = std::max<std::int64_t>(-before, 0);
    less_after[axis] = std::max<std::int64_t>(-after, 0);
  }
  weights.change([shape, groups](const std::vector<float>& values) {
    return turned_round(values, shape, groups);
  });
  weights.shape = {shape[2], shape[3], shape[0] / groups, shape[1] * groups};
  const TensorId y = convolve(lowering, node, spread, std::move(weights), convolution, 1);
  define_image(lowering, node, cropped(lowering, node, y, less_before, less_after), image.rank);
}

}  // namespace systol::onnx_import
