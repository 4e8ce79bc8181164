// Any model file.
#pragma once

#include <filesystem>
#include <string>

#include "host/graph/graph.h"
#include "host/import/given_shapes.h"
#include "host/import/given_states.h"

namespace systol {

/// Reads a network from an ONNX file (.onnx) or a workload (.yaml, .yml), told apart by name.
/// Only an ONNX file can leave open sizes, and what is a state, which `shapes` and `states` give.
Graph import_model(const std::filesystem::path& path, const GivenShapes& shapes = {},
                   const GivenStates& states = {});

/// The same, or a network of dense layers where the text is sizes: "64", "784x10", "784x300x10".
/// Text of digits and 'x' alone is never taken for a file.
Graph import_model_or_sizes(const std::string& text, const GivenShapes& shapes = {},
                            const GivenStates& states = {});

}  // namespace systol
