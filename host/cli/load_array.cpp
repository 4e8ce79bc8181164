#include "host/cli/load_array.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <system_error>

#include "host/cli/named_file.h"
#include "host/scale_sim/array_file.h"
#include "host/scale_sim/config.h"
#include "sim/base/error.h"
#include "sim/base/installation.h"

namespace systol {
namespace {

/// Those that come with the program, as -c takes them.
std::vector<std::string> shared_arrays() {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(shared_folder() / "configs", error)) {
    if (entry.path().extension() == ".yaml") {
      names.push_back("configs/" + entry.path().filename().string());
    }
  }
  std::ranges::sort(names);
  return names;
}

void check_exists(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::status(path, error).type() == std::filesystem::file_type::not_found) {
    throw InputError(fmt::format("{}: no such file; arrays that come with systol: {}",
                                 path.string(), fmt::join(shared_arrays(), ", ")));
  }
}

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
  const std::filesystem::path path = named_file(named);
  check_exists(path);
  try {
    return load(path, overrides);
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
