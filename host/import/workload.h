// Workloads: networks that a YAML file gives by their sizes only.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "host/graph/graph.h"

namespace systol {

/// Reads a workload: shapes, for which `fill_constants` makes weights by its seed.
///
///     name: wide-mlp
///     input: {shape: [784], range: [0, 1]}   # range: of made-up inputs; optional
///     seed: 1                                # optional
///     layers:
///       - dense: {units: 300, activation: leaky_relu, leaky_slope: 0.1, name: hidden}
///       - dense: {units: 10, activation: softmax}
///
/// Any mistake is an InputError with file, line and column.
Graph load_workload(const std::filesystem::path& path, std::span<const std::string> overrides = {});

/// The same from text, as if it were a file called `name`.
Graph parse_workload(std::string_view text, const std::string& name);

}  // namespace systol
