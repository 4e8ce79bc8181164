// What must hold of all nodes before any of them is lowered. For the ONNX importer only: this
// header brings in protobuf.
#pragma once

#include <onnx/onnx_pb.h>

#include <string>

namespace systol::onnx_import {

/// Throws an InputError for names that no report can show, and one that names all operators that
/// are not supported.
void check_nodes(const onnx::GraphProto& graph, const std::string& file);

}  // namespace systol::onnx_import
