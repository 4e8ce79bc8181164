// From the nodes of an ONNX graph to layers. For the ONNX importer only: this header brings in
// protobuf.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <string>

#include "host/graph/graph.h"

namespace systol::onnx_import {

/// The graph's layers; its name is left to the caller. `opset` is the version of ONNX's own
/// operators; `file` names the model in errors.
Graph lower(const onnx::GraphProto& graph, std::int64_t opset, const std::string& file);

}  // namespace systol::onnx_import
