// Open dimensions of an ONNX graph's inputs. For the ONNX importer only: this header brings in
// protobuf.
#pragma once

#include <onnx/onnx_pb.h>

#include <string>

#include "host/import/given_shapes.h"

namespace systol::onnx_import {

/// Writes the given sizes into the graph's inputs, as if the file had them. Throws InputError for a
/// name that no input, or no open dimension, has, and for a size that is not what the file says.
void give_shapes(onnx::GraphProto& graph, const GivenShapes& given, const std::string& file);

}  // namespace systol::onnx_import
