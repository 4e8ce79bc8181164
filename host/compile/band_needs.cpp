#include "host/compile/band_needs.h"

#include <algorithm>

#include "host/compile/regions.h"

namespace systol {

bool BandNeeds::must_stay(TensorId tensor) const {
  const StatePlace* state = plan_.state_of(tensor);
  const bool apart = state != nullptr && state->blocks > 1;
  return std::ranges::find(plan_.states, tensor, &StatePlace::next) != plan_.states.end() ||
         (apart && std::ranges::any_of(plan_.steps, [&](const Step& step) {
            return std::ranges::count(step.sources, tensor) > 0 &&
                   works_on_rows(*plan_.graph, step);
          }));
}

std::vector<std::optional<TensorId>> BandNeeds::sources_of(const Step& step) const {
  std::vector<std::optional<TensorId>> sources;
  std::size_t next = 0;
  for (const TensorId input : plan_.graph->nodes[step.node].inputs) {
    const bool constant = plan_.graph->constant(input) != nullptr;
    sources.push_back(constant ? std::nullopt : std::optional(step.sources[next++]));
  }
  return sources;
}

std::uint64_t BandNeeds::input_bytes(const Step& step, std::size_t input,
                                     std::uint64_t extent) const {
  const std::uint64_t all = first_extent(*plan_.graph, step);
  const Layout& whole = plan_.place_of(*sources_of(step)[input]).layout;
  std::uint64_t most = 0;
  for (std::uint64_t first = 0; first < all; first += extent) {
    const Region region =
        region_read(*plan_.graph, step, input, first, std::min(all, first + extent));
    most = std::max(most, region_layout(*plan_.graph, step, input, whole, region).bytes());
  }
  return most;
}

std::uint64_t BandNeeds::bytes(const Step& step, std::uint64_t extent) const {
  const std::uint64_t all = first_extent(*plan_.graph, step);
  const auto sources = sources_of(step);
  std::uint64_t bytes = 0;
  for (std::size_t input = 0; input < sources.size(); ++input) {
    if (sources[input] && is_spilled(*sources[input])) {
      bytes += input_bytes(step, input, extent);
    }
  }
  if (is_spilled(step.output)) {
    bytes += extent * (std::uint64_t{step.rows} * step.outputs / all);
  }
  return extent == all ? bytes : 2 * bytes;
}

std::uint64_t BandNeeds::extent_that_fits(const Step& step, std::uint64_t budget) const {
  std::uint64_t low = 1;
  std::uint64_t high = first_extent(*plan_.graph, step);
  while (low < high) {
    const std::uint64_t middle = (low + high + 1) / 2;
    if (bytes(step, middle) <= budget) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

bool BandNeeds::loads_single_pixels(const Step& step) const {
  if (!is_spilled(step.input()) || !reads_single_pixels(*plan_.graph, step)) {
    return false;
  }
  const Shape& image = plan_.graph->shape(plan_.graph->nodes[step.node].inputs[0]);
  return single_pixels_are_faster(step.rows, static_cast<std::uint64_t>(image.back()),
                                  elements(image), plan_.config);
}

const BandNeeds::Regions& BandNeeds::regions_of(std::size_t i, std::uint64_t extent) {
  const auto [found, fresh] = regions_.try_emplace({i, extent});
  if (fresh) {
    const Step& step = plan_.steps[i];
    const std::uint64_t all = first_extent(*plan_.graph, step);
    const Layout& whole = plan_.place_of(step.input()).layout;
    const bool pixels = loads_single_pixels(step);
    for (std::uint64_t first = 0; first < all; first += extent) {
      const Region region =
          region_read(*plan_.graph, step, 0, first, std::min(all, first + extent));
      const Layout layout = pixels ? pixels_layout(*plan_.graph, step, region)
                                   : region_layout(*plan_.graph, step, 0, whole, region);
      found->second.largest = std::max(found->second.largest, layout.bytes());
      found->second.sum += layout.values();
    }
  }
  return found->second;
}

BandedLayer BandNeeds::layer(std::size_t i) {
  const Step& step = plan_.steps[i];
  const bool input = is_spilled(step.input());
  BandedLayer layer;
  layer.extent = first_extent(*plan_.graph, step);
  layer.matmul_rows = step.rows / layer.extent;
  layer.tiling = &plan_.constants[i].tiling;
  layer.output_in_memory = is_spilled(step.output);
  layer.input_bytes = [this, i, input](std::uint64_t extent) {
    return input ? regions_of(i, extent).largest : 0;
  };
  layer.input_traffic = [this, i, input](std::uint64_t extent) {
    return input ? regions_of(i, extent).sum : 0;
  };
  return layer;
}

}  // namespace systol
