#include "host/cli/load_array.h"

#include <fmt/format.h>

#include <string_view>

#include "host/cli/named_file.h"
#include "host/scale_sim/array_file.h"
#include "host/scale_sim/config.h"
#include "sim/base/error.h"

namespace systol {
namespace {

LoadedArray load(const std::filesystem::path& path, std::span<const std::string> overrides) {
  LoadedArray array;
  array.config = read_array(path, overrides);
  std::vector<FileOption> bases;
  if (is_scale_sim_config(path)) {
    array.notes = notes_of(load_scale_sim_config(path), array.config);
    bases = yaml_file_options("--config (base)", scale_sim_base());
  } else {
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
