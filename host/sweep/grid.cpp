#include "host/sweep/grid.h"

#include <fmt/format.h>

#include "sim/base/error.h"

namespace systol {

std::uint64_t grid_size(const std::vector<Axis>& axes, std::string_view where) {
  std::uint64_t size = 1;
  for (const Axis& axis : axes) {
    size *= axis.levels.size();  // at most kMostPoints * kMostLevels, which fits
    if (size > kMostPoints) {
      throw InputError(
          fmt::format("{}: found a grid of more than {} points, allowed: at most so many; a random "
                      "or Latin hypercube sample visits some of them",
                      where, kMostPoints));
    }
  }
  return size;
}

std::vector<Setting> grid_settings(const std::vector<Axis>& axes, std::uint64_t number) {
  std::vector<std::size_t> levels(axes.size());
  for (std::size_t i = axes.size(); i-- > 0;) {
    levels[i] = static_cast<std::size_t>(number % axes[i].levels.size());
    number /= axes[i].levels.size();
  }
  std::vector<Setting> settings;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    axes[i].append(levels[i], settings);
  }
  return settings;
}

}  // namespace systol
