// Any model file.
#pragma once

#include <filesystem>
#include <string>

#include "host/graph/graph.h"

namespace systol {

/// Reads a network from an ONNX file (.onnx) or a workload (.yaml, .yml), told apart by name.
Graph import_model(const std::filesystem::path& path);

/// The same, or a network of dense layers where the text is sizes: "64", "784x10", "784x300x10".
/// Text of digits and 'x' alone is never taken for a file.
Graph import_model_or_sizes(const std::string& text);

}  // namespace systol
