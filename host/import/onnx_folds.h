// The functions by which constants are folded, one for each operator, and what they share. For the
// ONNX importer only: this header brings in protobuf.
#pragma once

#include <cstdint>
#include <vector>

#include "host/import/onnx_values.h"

namespace systol::onnx_import {

/// The number of values of a result; throws for more than a node may make.
std::int64_t fold_count(const Node& node, const Shape& shape);

using Indices = std::vector<std::size_t>;
/// The values at the indices.
HostTensor picked(const HostTensor& from, Shape shape, const Indices& indices);
/// The values repeated to a shape that `from` repeats to.
HostTensor spread(const Node& node, const HostTensor& from, const Shape& wide);

// onnx_fold_move.cpp
HostTensor fold_same(const Values& values, const Node& node);
HostTensor fold_shape(const Values& values, const Node& node);
HostTensor fold_size(const Values& values, const Node& node);
HostTensor fold_reshape(const Values& values, const Node& node);
HostTensor fold_flatten(const Values& values, const Node& node);
HostTensor fold_squeeze(const Values& values, const Node& node);
HostTensor fold_unsqueeze(const Values& values, const Node& node);
HostTensor fold_transpose(const Values& values, const Node& node);
Weights transposed_later(const Values& values, const Node& node);
HostTensor fold_concat(const Values& values, const Node& node);
HostTensor fold_gather(const Values& values, const Node& node);
HostTensor fold_slice(const Values& values, const Node& node);
HostTensor fold_expand(const Values& values, const Node& node);
HostTensor fold_tile(const Values& values, const Node& node);
HostTensor fold_constant_of_shape(const Values& values, const Node& node);

// onnx_fold_compute.cpp
HostTensor fold_constant(const Values& values, const Node& node);
HostTensor fold_cast(const Values& values, const Node& node);
HostTensor fold_range(const Values& values, const Node& node);
HostTensor fold_trilu(const Values& values, const Node& node);
HostTensor fold_where(const Values& values, const Node& node);
HostTensor fold_binary(const Values& values, const Node& node);
HostTensor fold_unary(const Values& values, const Node& node);
HostTensor fold_clip(const Values& values, const Node& node);
HostTensor fold_product(const Values& values, const Node& node);

// onnx_fold_einsum.cpp
HostTensor fold_einsum(const Values& values, const Node& node);
HostTensor fold_matmul(const Values& values, const Node& node);

}  // namespace systol::onnx_import
