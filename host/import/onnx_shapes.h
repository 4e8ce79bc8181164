// What nodes that move values make of a shape, whether the values are constants or activations. For
// the ONNX importer only: this header brings in protobuf.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "host/graph/operation.h"
#include "host/import/onnx_node.h"
#include "host/import/onnx_tensor.h"

namespace systol::onnx_import {

using Integers = std::vector<std::int64_t>;

/// What Reshape makes of a shape. `target` may hold one -1 (the rest) and 0 (the input's extent).
Shape reshaped(const Node& node, const Shape& shape, const Integers& target);

/// What Flatten makes of it: two axes.
Shape flattened(const Node& node, const Shape& shape);

/// The axes of extent 1 that Squeeze leaves out; without `axes`, all of them.
std::vector<std::size_t> squeezed_axes(const Node& node, const Shape& shape,
                                       const std::optional<Integers>& axes);

/// The axes that Unsqueeze puts into a value of `rank` axes, in ascending order.
std::vector<std::size_t> unsqueezed_axes(const Node& node, std::size_t rank, const Integers& axes);

/// The permutation of a Transpose node: by default, the axes turned round.
std::vector<std::size_t> transposed_axes(const Node& node, std::size_t rank);

/// The range that ONNX's Slice means; sizes may be 0. `axes` and `steps` may be missing.
Slice sliced(const Node& node, const Shape& shape, const Integers& starts, const Integers& ends,
             const std::optional<Integers>& axes, const std::optional<Integers>& steps);

/// The shape that both repeat to.
Shape broadcast(const Node& node, const Shape& a, const Shape& b);

/// The value of a Constant node, given as a tensor, number or list of numbers.
onnx::TensorProto constant_of(const Node& node);

}  // namespace systol::onnx_import
