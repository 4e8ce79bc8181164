// Networks from ONNX files.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "host/graph/graph.h"
#include "host/import/given_shapes.h"
#include "host/import/given_states.h"

namespace systol {

/// Reads a network for one sample: the batch may be symbolic or any number. docs/onnx.md lists the
/// operators and what becomes of them. `shapes` are the sizes of other dimensions that the file
/// leaves open, `states` what of its inputs are states; without them they are those that a file
/// says itself (kStateNote). A file with operators that are not
/// supported, or that contradicts itself, is an InputError that names the file and the node.
Graph import_onnx(const std::filesystem::path& path, const GivenShapes& shapes = {},
                  const GivenStates& states = {});

/// The constants of float32 that the file holds, row-major, by name. Throws InputError for a file
/// that is no ONNX model.
std::map<std::string, std::vector<float>> read_onnx_constants(const std::filesystem::path& path);

}  // namespace systol
