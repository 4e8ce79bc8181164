// Pools, and means over axes.
#include <fmt/format.h>

#include <algorithm>

#include "host/import/onnx_handlers.h"
#include "host/import/onnx_window.h"

namespace systol::onnx_import {
namespace {

std::array<std::int64_t, 2> pool_extent(const Node& node, const Image& image) {
  if (node.attribute("kernel_shape") == nullptr) {
    node.fail("it has no attribute 'kernel_shape'");
  }
  return pair_attribute(node, "kernel_shape", image.rank, 1);
}

/// Average over the outer axes of a tensor that lies as [outer][inner], by a pool of an image with
/// one column.
TensorId mean_over_outer(Lowering& lowering, TensorId tensor, std::int64_t outer,
                         std::int64_t inner) {
  const TensorId image = lowering.in_shape(tensor, {outer, 1, inner});
  return lowering.add("", Pool{PoolKind::Average, {outer, 1}, Window{}}, {image});
}

/// The axes that a reduction names: an attribute before operator set 18, then an input.
std::vector<std::size_t> reduced_axes(Lowering& lowering, const Node& node,
                                      const Activation& value) {
  const auto named = lowering.values().list(node, 1, "axes");
  std::vector<std::size_t> axes;
  for (const std::int64_t axis : named.value_or(Integers{})) {
    axes.push_back(node.axis(axis, value.shape.size()));
  }
  if (axes.empty() && node.integer_attribute("noop_with_empty_axes", 0) == 0) {
    for (std::size_t axis = 0; axis < value.shape.size(); ++axis) {
      axes.push_back(axis);
    }
  }
  std::ranges::sort(axes);
  axes.erase(std::unique(axes.begin(), axes.end()), axes.end());
  for (const std::size_t axis : axes) {
    Lowering::keep_batch(node, value, axis, "takes the mean over");
  }
  return axes;
}

}  // namespace

void lower_max_pool(Lowering& lowering, const Node& node) {
  if (node.has_output(1) && lowering.values().is_read(node.output(1))) {
    node.fail("its second output, the places of the largest values, is not supported");
  }
  const Image image = image_of(lowering, node);
  const auto extent = pool_extent(node, image);
  const Pool pool{PoolKind::Maximum, extent, window_of(node, image, extent)};
  define_image(lowering, node, lowering.add("", pool, {image.tensor}), image.rank);
}

void lower_average_pool(Lowering& lowering, const Node& node) {
  const Image image = image_of(lowering, node);
  const auto extent = pool_extent(node, image);
  const bool count = node.integer_attribute("count_include_pad", 0) != 0;
  bool widened = false;
  const Pool pool{PoolKind::Average, extent, window_of(node, image, extent, &widened), count};
  if (count && widened) {
    node.fail(
        "ceil_mode=1 with count_include_pad=1 is not supported where a window reaches beyond "
        "the borders");
  }
  define_image(lowering, node, lowering.add("", pool, {image.tensor}), image.rank);
}

void lower_global_pool(Lowering& lowering, const Node& node) {
  const Image image = image_of(lowering, node);
  const Pool pool{node.op() == "GlobalMaxPool" ? PoolKind::Maximum : PoolKind::Average,
                  {image.shape[0], image.shape[1]},
                  Window{}};
  define_image(lowering, node, lowering.add("", pool, {image.tensor}), image.rank);
}

void lower_reduce_mean(Lowering& lowering, const Node& node) {
  Activation value = lowering.input(node, 0);
  const std::vector<std::size_t> axes = reduced_axes(lowering, node, value);
  const auto is_reduced = [&](std::size_t axis) { return std::ranges::binary_search(axes, axis); };
  Order order = value.order;
  const auto kept = std::stable_partition(order.begin(), order.end(), is_reduced);
  const Order inner(kept, order.end());
  const auto count = [&](const Order& of) {
    return static_cast<std::int64_t>(elements(extents(value.shape, of)));
  };
  const std::int64_t outer = count(Order(order.begin(), kept));
  TensorId mean{};
  if (!inner.empty() && lie_alike(value.shape, value.order, order)) {
    mean = mean_over_outer(lowering, lowering.arranged(value, order), outer, count(inner));
    value.order = order;
  } else {
    std::stable_partition(value.order.begin(), value.order.end(),
                          [&](std::size_t axis) { return !is_reduced(axis); });
    TensorId rows = lowering.arranged(lowering.input(node, 0), value.order);
    if (value.order.size() != inner.size() + 1) {
      rows = lowering.in_shape(rows, {count(inner), outer});
    }
    mean = lowering.add("", Mean{}, {rows});
  }
  for (const std::size_t axis : axes) {
    value.shape[axis] = 1;
  }
  if (node.integer_attribute("keepdims", 1) == 0) {
    drop_unit_axes(axes, value);
  }
  lowering.define_like(node, mean, value);
}

}  // namespace systol::onnx_import
