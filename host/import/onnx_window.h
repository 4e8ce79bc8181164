// Windows of convolutions and pools as ONNX's attributes describe them. For the ONNX importer only:
// this header brings in protobuf.
#pragma once

#include "host/graph/operation.h"
#include "host/import/onnx_lowering.h"

namespace systol::onnx_import {

/// An image [H][W][C] of the node's first input [N, C, H, W]; of [N, C, L] with one row.
struct Image {
  TensorId tensor{};
  std::size_t rank = 4;  ///< of ONNX's value
  Shape shape;           ///< [H][W][C]
};
Image image_of(Lowering& lowering, const Node& node);

/// The node computes this image, [H][W][C].
void define_image(Lowering& lowering, const Node& node, TensorId image, std::size_t rank);

/// The attribute's values for rows and columns, 1 for the rows of a value with one image axis.
std::array<std::int64_t, 2> pair_attribute(const Node& node, const std::string& name,
                                           std::size_t rank, std::int64_t otherwise);

/// Strides, dilations and borders over `image` for a window of `extent`. With ceil_mode, borders
/// are as wide as the last window needs; `widened` says whether they are.
Window window_of(const Node& node, const Image& image, const std::array<std::int64_t, 2>& extent,
                 bool* widened = nullptr);

}  // namespace systol::onnx_import
