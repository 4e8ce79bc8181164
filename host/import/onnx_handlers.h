// One function for each operator of ONNX: it adds what computes the node's outputs to the graph.
// For the ONNX importer only: this header brings in protobuf.
#pragma once

#include <string_view>
#include <vector>

#include "host/import/onnx_lowering.h"

namespace systol::onnx_import {

using Handler = void (*)(Lowering&, const Node&);

/// Null for an operator that is not supported.
Handler handler_of(std::string_view op);
/// All that are, in alphabetical order, with those that are supported of constants alone.
std::vector<std::string_view> supported_operators();

// onnx_dense.cpp
void lower_gemm(Lowering& lowering, const Node& node);
void lower_matmul(Lowering& lowering, const Node& node);
// onnx_conv.cpp
void lower_conv(Lowering& lowering, const Node& node);
void lower_conv_transpose(Lowering& lowering, const Node& node);
// onnx_pool.cpp
void lower_max_pool(Lowering& lowering, const Node& node);
void lower_average_pool(Lowering& lowering, const Node& node);
void lower_global_pool(Lowering& lowering, const Node& node);
// onnx_reduce.cpp
void lower_reduce(Lowering& lowering, const Node& node);
void lower_log_softmax(Lowering& lowering, const Node& node);
// onnx_elementwise.cpp
void lower_binary(Lowering& lowering, const Node& node);
void lower_divide(Lowering& lowering, const Node& node);
void lower_power(Lowering& lowering, const Node& node);
void lower_where(Lowering& lowering, const Node& node);
// onnx_compare.cpp
void lower_comparison(Lowering& lowering, const Node& node);
void lower_logic(Lowering& lowering, const Node& node);
void lower_where_of_samples(Lowering& lowering, const Node& node);
// onnx_function.cpp
void lower_function(Lowering& lowering, const Node& node);
void lower_scaled_elu(Lowering& lowering, const Node& node);
void lower_product_with_function(Lowering& lowering, const Node& node);
void lower_clip(Lowering& lowering, const Node& node);
void lower_prelu(Lowering& lowering, const Node& node);
void lower_softmax(Lowering& lowering, const Node& node);
void lower_arg_max(Lowering& lowering, const Node& node);
// onnx_move.cpp
void lower_identity(Lowering& lowering, const Node& node);
void lower_cast(Lowering& lowering, const Node& node);
void lower_dropout(Lowering& lowering, const Node& node);
void lower_transpose(Lowering& lowering, const Node& node);
void lower_concat(Lowering& lowering, const Node& node);
void lower_pad(Lowering& lowering, const Node& node);
// onnx_border.cpp
void lower_pad_with_values(Lowering& lowering, const Node& node);
/// The ends of each axis that Pad names: an attribute before operator set 11, then an input.
Integers pad_ends(Lowering& lowering, const Node& node, std::size_t rank);
// onnx_move.cpp
void lower_tile(Lowering& lowering, const Node& node);
void lower_expand(Lowering& lowering, const Node& node);
void lower_resize(Lowering& lowering, const Node& node);
// onnx_shuffle.cpp
void lower_depth_to_space(Lowering& lowering, const Node& node);
void lower_space_to_depth(Lowering& lowering, const Node& node);
// onnx_slice.cpp
void lower_split(Lowering& lowering, const Node& node);
void lower_slice(Lowering& lowering, const Node& node);
void lower_gather(Lowering& lowering, const Node& node);
// onnx_reshape.cpp
void lower_reshape(Lowering& lowering, const Node& node);
void lower_flatten(Lowering& lowering, const Node& node);
void lower_squeeze(Lowering& lowering, const Node& node);
void lower_unsqueeze(Lowering& lowering, const Node& node);
void lower_shape(Lowering& lowering, const Node& node);
// onnx_normalise.cpp
void lower_batch_normalization(Lowering& lowering, const Node& node);
void lower_layer_normalization(Lowering& lowering, const Node& node);
void lower_instance_normalization(Lowering& lowering, const Node& node);
// onnx_recurrent.cpp
void lower_recurrent(Lowering& lowering, const Node& node);
// onnx_quantised.cpp
void lower_quantize(Lowering& lowering, const Node& node);
void lower_dequantize(Lowering& lowering, const Node& node);

/// ONNX's axes that a softmax goes over: before operator set 13, all from `axis` on as one.
std::vector<std::size_t> softmax_axes(const Lowering& lowering, const Node& node,
                                      const Activation& value);

/// `a` and `b` combined, where both depend on the sample.
Activation combined(Lowering& lowering, const Node& node, const std::string& part,
                    BinaryFunction function, Activation a, Activation b);

/// `value` combined with a constant, which may add axes to it.
Activation with_any_constant(Lowering& lowering, const Node& node, const std::string& part,
                             BinaryFunction function, Activation value, FloatTensor constant,
                             bool reversed);

/// Whether a softmax alone reads what the node computes, and what the constant fills in is nothing
/// to it: a score added to that is nothing, too.
bool only_masks(Lowering& lowering, const Node& node, const FloatTensor& constant);

/// `value` combined with a constant of ONNX's shape `shape`, which repeats to the value's; the
/// constant is the second operand, or the first with `reversed`. Called `part`, as Lowering::add
/// has it.
TensorId with_constant(Lowering& lowering, const Node& node, const std::string& part,
                       BinaryFunction function, const Activation& value,
                       const FloatTensor& constant, bool reversed = false);

}  // namespace systol::onnx_import
