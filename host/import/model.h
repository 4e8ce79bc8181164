// Any model file.
#pragma once

#include <filesystem>

#include "host/graph/graph.h"

namespace systol {

/// Reads a network from an ONNX file (.onnx) or a workload (.yaml, .yml), told apart by name.
Graph import_model(const std::filesystem::path& path);

}  // namespace systol
