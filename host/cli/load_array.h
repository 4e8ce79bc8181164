// An array from any file that -c takes.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "host/cli/file_options.h"
#include "sim/config/array_config.h"

namespace systol {

struct LoadedArray {
  ArrayConfig config;
  std::vector<std::string> notes;  ///< for the report
  std::vector<FileOption> files;   ///< all that was read for it, and its energy table
};

/// Reads an array's YAML file or a SCALE-Sim .cfg, with overrides such as "array.rows=64". A .cfg
/// starts from configs/scale_sim.yaml in the shared folder (sim/base/installation.h), where a file
/// that is not in the working folder is looked for, too.
LoadedArray load_array(const std::filesystem::path& named, std::span<const std::string> overrides);

}  // namespace systol
