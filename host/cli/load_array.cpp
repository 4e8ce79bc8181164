#include "host/cli/load_array.h"

#include <fmt/format.h>

#include <string_view>

#include "host/cli/named_file.h"
#include "host/scale_sim/config.h"
#include "sim/base/error.h"
#include "sim/base/installation.h"
#include "sim/config/array_file.h"

namespace systol {
namespace {

std::filesystem::path scale_sim_base() { return shared_folder() / "configs/scale_sim.yaml"; }

LoadedArray load(const std::filesystem::path& path, std::span<const std::string> overrides) {
  LoadedArray array;
  std::vector<FileOption> bases;
  if (is_scale_sim_config(path)) {
    const ScaleSimConfig cfg = load_scale_sim_config(path);
    array.config = array_of(cfg, scale_sim_base(), overrides);
    array.notes = notes_of(cfg, array.config);
    bases = yaml_file_options("--config (base)", scale_sim_base());
  } else {
    array.config = load_array_config(path, overrides);
    bases = yaml_file_options("--config (extends)", path);
  }
  array.files = {{"--config", path.string()}};
  array.files.insert(array.files.end(), bases.begin(), bases.end());
  const std::vector<FileOption> energy =
      yaml_file_options("--config (energy)", array.config.energy);
  array.files.insert(array.files.end(), energy.begin(), energy.end());
  return array;
}

}  // namespace

LoadedArray load_array(const std::filesystem::path& named, std::span<const std::string> overrides) {
  try {
    return load(named_file(named), overrides);
  } catch (const InputError& error) {
    const std::string_view message = error.what();
    for (const std::string& text : overrides) {
      if (message.starts_with(text + ": ")) {
        throw InputError(fmt::format("--set {}", message));
      }
    }
    throw;
  }
}

}  // namespace systol
