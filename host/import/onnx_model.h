// Networks from ONNX files: dense layers and what may stand between them.
#pragma once

#include <filesystem>

#include "host/graph/graph.h"

namespace systol {

/// Reads a network of dense layers: Gemm or MatMul with Add, one activation after each, and nodes
/// that change no value (Flatten, Reshape, Identity, Dropout). The batch may be symbolic. Anything
/// else, and any file that contradicts itself, is an InputError that names the file and the node.
Graph import_onnx(const std::filesystem::path& path);

}  // namespace systol
