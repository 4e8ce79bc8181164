// What can be said of an ONNX file that it does not say itself.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "host/graph/graph.h"

namespace systol {

/// The options as they were typed.
struct ModelOptions {
  std::vector<std::string> states;
  std::vector<std::string> dimensions;
};

void add_model_options(CLI::App& command, ModelOptions& options);

/// The model of that text: a file, or layer sizes. Throws InputError for options that say nothing,
/// and for any with another model than an ONNX file.
Graph import_with_options(const std::string& model, const ModelOptions& options);

}  // namespace systol
