#include "host/cli/load_array.h"

#include "host/cli/named_file.h"
#include "host/scale_sim/config.h"
#include "sim/base/installation.h"
#include "sim/config/array_file.h"

namespace systol {
LoadedArray load_array(const std::filesystem::path& named, std::span<const std::string> overrides) {
  const std::filesystem::path path = named_file(named);
  if (!is_scale_sim_config(path)) {
    return {load_array_config(path, overrides), {}};
  }
  const ScaleSimConfig cfg = load_scale_sim_config(path);
  LoadedArray array{array_of(cfg, shared_folder() / "configs/scale_sim.yaml", overrides), {}};
  array.notes = notes_of(cfg, array.config);
  return array;
}

}  // namespace systol
