#include "host/import/onnx_window.h"

#include <fmt/format.h>

#include <algorithm>

namespace systol::onnx_import {
namespace {

/// Of strides, dilations, extents and borders, so that their arithmetic does not overflow.
constexpr std::int64_t kLargestParameter = std::int64_t{1} << 20;

void set_borders(const Node& node, std::size_t rank, Window& window) {
  const std::size_t axes = rank - 2;
  const std::vector<std::int64_t> pads =
      node.integers_attribute("pads", std::vector<std::int64_t>(2 * axes, 0));
  if (pads.size() != 2 * axes) {
    node.fail(
        fmt::format("its attribute 'pads' has {} values; {} are needed", pads.size(), 2 * axes));
  }
  for (std::size_t i = 0; i < axes; ++i) {
    const std::size_t axis = i + 2 - axes;
    window.before[axis] = pads[i];
    window.after[axis] = pads[i + axes];
    if (pads[i] < 0 || pads[i + axes] < 0 || pads[i] > kLargestParameter ||
        pads[i + axes] > kLargestParameter) {
      node.fail(fmt::format("its borders must be 0 to {}", kLargestParameter));
    }
  }
}

/// So many borders that there is a place for each `stride` values of the image.
void set_same_borders(const Image& image, const std::array<std::int64_t, 2>& extent, bool upper,
                      Window& window) {
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const std::int64_t stride = window.stride[axis];
    const std::int64_t places = (image.shape[axis] + stride - 1) / stride;
    const std::int64_t spread = window.dilation[axis] * (extent[axis] - 1) + 1;
    const std::int64_t total =
        std::max<std::int64_t>(0, (places - 1) * stride + spread - image.shape[axis]);
    window.before[axis] = upper ? total / 2 : total - total / 2;
    window.after[axis] = total - window.before[axis];
  }
}

/// Borders up to the end of the last window that begins within the image or before it.
bool round_up(const Image& image, const std::array<std::int64_t, 2>& extent, Window& window) {
  bool widened = false;
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const std::int64_t stride = window.stride[axis];
    const std::int64_t spread = window.dilation[axis] * (extent[axis] - 1) + 1;
    const std::int64_t inside = image.shape[axis] + window.before[axis];
    const std::int64_t rest = inside + window.after[axis] - spread;
    if (rest < 0 || rest % stride == 0) {
      continue;
    }
    const std::int64_t last = (rest / stride + 1) * stride;
    if (last < inside) {
      window.after[axis] = last + spread - inside;
      widened = true;
    }
  }
  return widened;
}

}  // namespace

Image image_of(Lowering& lowering, const Node& node) {
  Activation value = lowering.input(node, 0);
  const std::size_t rank = value.shape.size();
  if (rank != 3 && rank != 4) {
    node.fail(fmt::format("its input has shape {}; supported are [N, C, H, W] and [N, C, L]",
                          to_string(value.shape)));
  }
  value = lowering.with_batch(node, std::move(value), 0);
  const TensorId tensor = lowering.arranged(value, channels_last(rank));
  Shape shape = lowering.graph().shape(tensor);
  if (rank == 3) {
    shape.insert(shape.begin(), 1);
  }
  return {lowering.in_shape(tensor, shape), rank, shape};
}

void define_image(Lowering& lowering, const Node& node, TensorId image, std::size_t rank) {
  const Shape& shape = lowering.graph().shape(image);
  Shape whole = rank == 4 ? Shape{1, shape[2], shape[0], shape[1]} : Shape{1, shape[2], shape[1]};
  lowering.define(node, image, std::move(whole), 0, channels_last(rank));
}

std::array<std::int64_t, 2> pair_attribute(const Node& node, const std::string& name,
                                           std::size_t rank, std::int64_t otherwise) {
  const std::vector<std::int64_t> values =
      node.integers_attribute(name, std::vector<std::int64_t>(rank - 2, otherwise));
  if (values.size() != rank - 2) {
    node.fail(fmt::format("its attribute '{}' has {} values; {} are needed", name, values.size(),
                          rank - 2));
  }
  for (const std::int64_t value : values) {
    if (value < 1 || value > kLargestParameter) {
      node.fail(fmt::format("its attribute '{}' has the value {}; supported are 1 to {}", name,
                            value, kLargestParameter));
    }
  }
  return {rank == 4 ? values.front() : 1, values.back()};
}

Window window_of(const Node& node, const Image& image, const std::array<std::int64_t, 2>& extent,
                 bool* widened) {
  Window window;
  window.stride = pair_attribute(node, "strides", image.rank, 1);
  window.dilation = pair_attribute(node, "dilations", image.rank, 1);
  const std::string rule = node.text_attribute("auto_pad", "NOTSET");
  if (rule == "NOTSET" || rule.empty()) {
    set_borders(node, image.rank, window);
  } else if (rule == "SAME_UPPER" || rule == "SAME_LOWER") {
    set_same_borders(image, extent, rule == "SAME_UPPER", window);
    if (image.rank == 3) {
      window.before[0] = window.after[0] = 0;
    }
  } else if (rule != "VALID") {
    node.fail(
        fmt::format("auto_pad={}; supported are NOTSET, SAME_UPPER, SAME_LOWER and VALID", rule));
  }
  if (node.integer_attribute("ceil_mode", 0) != 0) {
    const bool wider = round_up(image, extent, window);
    if (widened != nullptr) {
      *widened = wider;
    }
  }
  return window;
}

}  // namespace systol::onnx_import
