// Constants of quantised models. For the ONNX importer only: this header brings in protobuf.
#pragma once

#include "host/import/onnx_values.h"

namespace systol::onnx_import {

/// What a DequantizeLinear of a constant computes.
HostTensor dequantised(const Values& values, const Node& node);
/// What a QuantizeLinear of a constant computes.
HostTensor quantised(const Values& values, const Node& node);

}  // namespace systol::onnx_import
