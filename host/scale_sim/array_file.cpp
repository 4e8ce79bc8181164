#include "host/scale_sim/array_file.h"

#include "host/scale_sim/config.h"
#include "sim/base/installation.h"
#include "sim/config/array_file.h"

namespace systol {

std::filesystem::path scale_sim_base() { return shared_folder() / "configs/scale_sim.yaml"; }

ArrayConfig read_array(const std::filesystem::path& path, std::span<const std::string> overrides) {
  return is_scale_sim_config(path)
             ? array_of(load_scale_sim_config(path), scale_sim_base(), overrides)
             : load_array_config(path, overrides);
}

}  // namespace systol
