// Networks from ONNX files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "host/graph/graph.h"

namespace systol {

/// Reads a network for one sample: the batch may be symbolic or any number. docs/onnx.md lists the
/// operators and what becomes of them. `overrides` gives other dimensions that the file leaves open
/// their extents, by name. A file with operators that are not supported, or that contradicts
/// itself, is an InputError that names the file and the node.
Graph import_onnx(const std::filesystem::path& path,
                  const std::map<std::string, std::int64_t>& overrides = {});

}  // namespace systol
