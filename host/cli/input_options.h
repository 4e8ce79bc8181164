// What a command line says about a network's samples.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/cli/file_options.h"
#include "host/import/network_input.h"

namespace systol {

/// The options as they were typed; what is empty was not given.
struct InputOptions {
  std::string file;    ///< a file, a folder, or an array in a file: mnist.npz:x_train
  std::string labels;  ///< the same
  std::optional<std::uint32_t> limit;
  InputScaling scaling;
  std::string resize;
};

/// --input, --labels, --limit, --input-scale, --input-offset and --resize.
void add_input_options(CLI::App& command, InputOptions& options);

/// The files that are read.
std::vector<FileOption> input_files(const InputOptions& options);

}  // namespace systol
