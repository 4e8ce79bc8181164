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
///     name: small-network
///     input: {shape: [28, 28, 1], range: [0, 1]}   # range: of made-up inputs; optional
///     seed: 1                                      # optional
///     layers:
///       - conv: {filters: 16, kernel: 3, padding: same, activation: relu}
///       - max_pool: {kernel: 2}
///       - flatten: {}
///       - dense: {units: 10, activation: softmax, name: classes}
///
/// docs/workloads.md has all kinds of layers, and how they are repeated and named. What is returned
/// is verified.
///
/// Any mistake is an InputError with file, line and column.
Graph load_workload(const std::filesystem::path& path, std::span<const std::string> overrides = {});

/// The same from text, as if it were a file called `name`.
Graph parse_workload(std::string_view text, const std::string& name);

}  // namespace systol
