// Nodes that compute with constants alone, which disappear at import: an exporter's arithmetic with
// shapes, and functions of weights. For the ONNX importer only: this header brings in protobuf.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "host/import/onnx_values.h"

namespace systol::onnx_import {

/// What the node computes, where all its inputs are constants and its operator is one of
/// folded_operators(); otherwise nothing.
std::optional<HostTensor> folded(const Values& values, const Node& node);

/// The same where the values can be made later: they wait in the file.
std::optional<Weights> folded_later(const Values& values, const Node& node);

/// Operators that are supported of constants alone, or of shapes: without those that are lowered
/// too.
std::vector<std::string_view> folded_operators();

}  // namespace systol::onnx_import
