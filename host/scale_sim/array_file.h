// An array's config from any of the files that describe one.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "sim/config/array_config.h"

namespace systol {

/// What a SCALE-Sim .cfg does not say: configs/scale_sim.yaml in the shared folder
/// (sim/base/installation.h).
std::filesystem::path scale_sim_base();

/// Reads an array's YAML file, or a SCALE-Sim .cfg over scale_sim_base(), with overrides such as
/// "array.rows=64". Throws InputError.
ArrayConfig read_array(const std::filesystem::path& path,
                       std::span<const std::string> overrides = {});

}  // namespace systol
