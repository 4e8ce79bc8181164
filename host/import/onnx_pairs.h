// Operators on integers, written as the float operator between QuantizeLinear and DequantizeLinear.
// For the ONNX importer only: this header brings in protobuf.
#pragma once

#include <onnx/onnx_pb.h>

#include <string>
#include <vector>

namespace systol::onnx_import {

/// Replaces, in place:
/// - QLinearConv and QLinearMatMul, and of com.microsoft QGemm, QLinearAdd, QLinearMul,
///   QLinearSigmoid, QLinearLeakyRelu, QLinearSoftmax, QLinearConcat, QLinearAveragePool and
///   QLinearGlobalAveragePool, each with the float operator between its inputs, dequantised, and a
///   QuantizeLinear;
/// - DynamicQuantizeLinear, whose scale is found anew for each sample, with its input as it is: the
///   machine's scales are found by calibration. A note says so;
/// - MatMulInteger and ConvInteger of what a DynamicQuantizeLinear gives with the float operator.
/// Nodes of another form stay as they are, and are refused by name later.
void write_as_pairs(onnx::GraphProto& graph, std::vector<std::string>& notes);

}  // namespace systol::onnx_import
