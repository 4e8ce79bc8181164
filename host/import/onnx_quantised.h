// Quantised models: their constants, and the steps of their weights. For the ONNX importer only:
// this header brings in protobuf.
#pragma once

#include "host/import/onnx_lowering.h"

namespace systol::onnx_import {

/// What a DequantizeLinear of a constant computes.
HostTensor dequantised(const Values& values, const Node& node);
/// The same of numbers of eight bits that wait in the file; nothing of others.
std::optional<Weights> dequantised_later(const Values& values, const Node& node);
/// What a QuantizeLinear of a constant computes.
HostTensor quantised(const Values& values, const Node& node);

/// Leaves the steps of the node's second input with the graph, for the quantiser to keep, where
/// that is a constant which a DequantizeLinear computed. `axis` of that input counts the outputs;
/// `weights` are its values, outputs last, times `factor`. A note says so where they cannot be
/// kept.
void keep_steps(Lowering& lowering, const Node& node, std::size_t axis, TensorId weights,
                float factor = 1.0F);

/// Leaves the scale of the node's input `index`, a constant that a DequantizeLinear computed, with
/// the graph, where the node that computes `joined` joins it with values one by one.
void keep_constant_step(Lowering& lowering, const Node& node, int index, TensorId joined);

}  // namespace systol::onnx_import
