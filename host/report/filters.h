// A single-layer network's weights as pictures: what each output looks for.
#pragma once

#include <filesystem>
#include <string>

#include "host/graph/graph.h"

namespace systol {

/// A PNG of one square picture per output, in rows of five, in the order of the outputs: red where
/// a bright pixel speaks for the output, blue where it speaks against, white where it does not
/// matter. Throws InputError for a network of more than one layer or whose inputs are not a
/// square, EnvironmentError if the file cannot be written.
void write_filters(const Graph& graph, const std::filesystem::path& path);

}  // namespace systol
