// Pools.
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

}  // namespace systol::onnx_import
