// DepthToSpace and SpaceToDepth: between channels and the pixels of a block.
#include <fmt/format.h>

#include "host/import/onnx_handlers.h"

namespace systol::onnx_import {
namespace {

constexpr std::size_t kRank = 4;  ///< [N, C, H, W]

Activation shuffled_image(Lowering& lowering, const Node& node) {
  Activation value = lowering.with_batch(node, lowering.input(node, 0), 0);
  if (value.shape.size() != kRank) {
    node.fail(
        fmt::format("its input has {} axes; an image [N, C, H, W] has 4", value.shape.size()));
  }
  return value;
}

/// Rows and columns of a block.
std::int64_t block_of(const Node& node) {
  const std::int64_t block = node.integer_attribute("blocksize", 0);
  if (block < 1 || block > kMaxElements) {
    node.fail(fmt::format("blocksize is {}; it must be a positive number", block));
  }
  return block;
}

void check_divides(const Node& node, std::int64_t extent, std::int64_t by, const char* what) {
  if (by > extent || extent % by != 0) {
    node.fail(fmt::format("its {} {} cannot be cut into {} equal parts", extent, what, by));
  }
}

/// The image [rows, columns, channels], seen in `seen` and moved, has `shape`, as ONNX has it.
void shuffle(Lowering& lowering, const Node& node, const Activation& image, const Shape& seen,
             const Integers& permutation, const Shape& shape) {
  const Order order = channels_last(kRank);
  const TensorId split = lowering.in_shape(lowering.arranged(image, order), seen);
  const TensorId moved = lowering.add("", Transpose{permutation}, {split});
  lowering.define(node, lowering.in_shape(moved, extents(shape, order)), shape, 0, order);
}

}  // namespace

void lower_depth_to_space(Lowering& lowering, const Node& node) {
  const Activation image = shuffled_image(lowering, node);
  const std::int64_t block = block_of(node);
  const std::int64_t channels = image.shape[1];
  const std::int64_t rows = image.shape[2];
  const std::int64_t columns = image.shape[3];
  const std::string mode = node.text_attribute("mode", "DCR");
  if (mode != "DCR" && mode != "CRD") {
    node.fail(fmt::format("mode is '{}'; it must be DCR or CRD", mode));
  }
  check_divides(node, channels, block, "channels");
  check_divides(node, channels / block, block, "channels of a row of a block");
  const std::int64_t left = channels / block / block;
  const bool depth_first = mode == "DCR";
  const Shape seen = depth_first ? Shape{rows, columns, block, block, left}
                                 : Shape{rows, columns, left, block, block};
  shuffle(lowering, node, image, seen,
          depth_first ? Integers{0, 2, 1, 3, 4} : Integers{0, 3, 1, 4, 2},
          {1, left, rows * block, columns * block});
}

void lower_space_to_depth(Lowering& lowering, const Node& node) {
  const Activation image = shuffled_image(lowering, node);
  const std::int64_t block = block_of(node);
  check_divides(node, image.shape[2], block, "rows");
  check_divides(node, image.shape[3], block, "columns");
  const std::int64_t rows = image.shape[2] / block;
  const std::int64_t columns = image.shape[3] / block;
  shuffle(lowering, node, image, {rows, block, columns, block, image.shape[1]}, {0, 2, 1, 3, 4},
          {1, image.shape[1] * block * block, rows, columns});
}

}  // namespace systol::onnx_import
