#include "host/compile/matrix_bands.h"

#include <algorithm>
#include <iterator>

namespace systol {

std::array<std::size_t, 2> add_areas_in_turn(std::vector<BufferArea>& areas, std::size_t i,
                                             std::uint64_t bytes, std::uint32_t count) {
  const std::size_t first = areas.size();
  areas.insert(areas.end(), count, {{{}, 0, i, i, bytes}, 0});
  return {first, areas.size() - 1};
}

std::optional<Bands> MatrixBands::best(std::size_t i, std::size_t axis, std::uint64_t bytes,
                                       std::vector<BufferArea>& areas) {
  const BandedLayer layer = needs_.layer(i, axis);
  const std::vector<BandCandidate>& found = candidates(i, layer, bytes);
  if (found.empty()) {
    return std::nullopt;
  }
  Bands bands = bands_of(i, layer, found.front().shape, areas);
  std::ranges::transform(found, std::back_inserter(bands.candidates), &BandCandidate::shape);
  return bands;
}

const std::vector<BandCandidate>& MatrixBands::candidates(std::size_t i, const BandedLayer& layer,
                                                          std::uint64_t bytes) {
  const auto [found, fresh] = candidates_.try_emplace({i, layer.axis, ways(i), bytes});
  if (fresh) {
    found->second = band_candidates(layer, plan_.config, bytes);
  }
  return found->second;
}

std::size_t MatrixBands::ways(std::size_t i) const {
  const Step& step = plan_.steps[i];
  return (needs_.is_spilled(step.input()) ? 1U : 0U) + (needs_.is_spilled(step.output) ? 2U : 0U);
}

Bands MatrixBands::bands_of(std::size_t i, const BandedLayer& layer, const BandShape& shape,
                            std::vector<BufferArea>& areas) const {
  const Step& step = plan_.steps[i];
  Bands bands;
  bands.single_pixels = needs_.loads_single_pixels(step, layer.axis);
  bands.cut = {layer.axis, shape.extent};
  bands.values = shape.extent * layer.matmul_rows * step.outputs;
  const bool whole_rows = shape.column_tiles == layer.tiling->column_tiles();
  bands.column_tiles = whole_rows ? 0 : shape.column_tiles;
  bands.inputs.resize(plan_.graph->nodes[step.node].inputs.size());
  if (needs_.is_spilled(step.input())) {
    bands.inputs[0] =
        add_areas_in_turn(areas, i, layer.input_bytes(shape.extent), shape.input_areas);
  }
  if (layer.output_in_memory) {
    BandShape output = shape;
    output.input_areas = 0;
    output.output_areas = 1;
    bands.output = add_areas_in_turn(areas, i, buffer_bytes(layer, output), shape.output_areas);
  }
  return bands;
}

}  // namespace systol
