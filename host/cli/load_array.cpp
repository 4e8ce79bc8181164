#include "host/cli/load_array.h"

#include "host/scale_sim/config.h"
#include "sim/config/array_file.h"
#include "sim/rtl/unit_library.h"

namespace systol {
namespace {

std::filesystem::path scale_sim_base() {
  return UnitLibraryPaths::standard().sources / "configs/scale_sim.yaml";
}

}  // namespace

LoadedArray load_array(const std::filesystem::path& path, std::span<const std::string> overrides) {
  if (!is_scale_sim_config(path)) {
    return {load_array_config(path, overrides), {}};
  }
  const ScaleSimConfig cfg = load_scale_sim_config(path);
  LoadedArray array{array_of(cfg, scale_sim_base(), overrides), {}};
  array.notes = notes_of(cfg, array.config);
  return array;
}

}  // namespace systol
