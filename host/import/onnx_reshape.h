// The nodes that change no activation value: what they make of a shape or a constant. For the ONNX
// importer only: this header brings in protobuf.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "host/import/onnx_node.h"
#include "host/import/onnx_tensor.h"

namespace systol::onnx_import {

/// What Flatten makes of a sample's shape: one dimension. Its axis must keep the batch apart.
Shape flattened(const Node& node, const Shape& sample);

/// What Reshape makes of a sample's shape. `target` may hold one -1 (the rest) and 0 (the input's
/// dimension), and must keep the samples apart; `batch` is the batch where the model fixes it.
Shape reshaped(const Node& node, const Shape& sample, const std::vector<std::int64_t>& target,
               std::optional<std::int64_t> batch);

/// The value of a Constant node, given as a tensor, number or list of numbers.
onnx::TensorProto constant_of(const Node& node);

}  // namespace systol::onnx_import
