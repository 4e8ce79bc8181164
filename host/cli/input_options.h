// What a command line says about a network's samples.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/cli/file_options.h"
#include "host/import/network_input.h"
#include "host/quantise/calibration.h"

namespace systol {

/// The options as they were typed; what is empty was not given.
struct InputOptions {
  std::string file;    ///< a file, a folder, or an array in a file: mnist.npz:x_train
  std::string labels;  ///< the same
  std::optional<std::uint32_t> limit;
  InputScaling scaling;
  std::string resize;
  std::string calibration;  ///< empty: minmax
  std::optional<double> percentile;
};

/// --input, --labels, --limit, --input-scale, --input-offset, --resize, --calibration and
/// --percentile.
void add_input_options(CLI::App& command, InputOptions& options);

/// How the samples calibrate. Throws InputError for what does not belong together.
Calibration calibration_of(const InputOptions& options);

/// The files that are read.
std::vector<FileOption> input_files(const InputOptions& options);

}  // namespace systol
