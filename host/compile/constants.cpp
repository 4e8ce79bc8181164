#include "host/compile/constants.h"

namespace systol {
namespace {

void append_tiles(const QuantDense& layer, const Tiling& tiling, std::vector<std::uint8_t>& image) {
  for (std::uint32_t n = 0; n < tiling.column_tiles(); ++n) {
    const std::uint64_t first = std::uint64_t{n} * tiling.tile_columns;
    for (std::uint64_t k = 0; k < layer.inputs; ++k) {
      const auto row =
          layer.weights.begin() + static_cast<std::ptrdiff_t>(k * layer.outputs + first);
      image.insert(image.end(), row, row + tiling.columns(n));
    }
  }
}

/// Byte `byte` of each value, least significant first.
template <class Number>
void append_plane(const Number* values, std::uint32_t count, unsigned byte,
                  std::vector<std::uint8_t>& image) {
  for (std::uint32_t i = 0; i < count; ++i) {
    image.push_back(static_cast<std::uint8_t>(static_cast<std::uint32_t>(values[i]) >> (8 * byte)));
  }
}

void append_channels(const QuantDense& layer, const Tiling& tiling,
                     std::vector<std::uint8_t>& image) {
  for (std::uint32_t n = 0; n < tiling.column_tiles(); ++n) {
    const std::size_t first = std::size_t{n} * tiling.tile_columns;
    const std::uint32_t columns = tiling.columns(n);
    for (unsigned byte = 0; byte < 4; ++byte) {
      append_plane(&layer.bias[first], columns, byte, image);
    }
    for (unsigned byte = 0; byte < 4; ++byte) {
      append_plane(&layer.multiplier[first], columns, byte, image);
    }
    append_plane(&layer.shift[first], columns, 0, image);
  }
}

}  // namespace

LayerConstants place_constants(const QuantDense& layer, std::uint32_t tile_rows,
                               std::uint32_t tile_columns, std::uint64_t first) {
  LayerConstants constants;
  constants.tiling = {layer.inputs, layer.outputs, tile_rows, tile_columns};
  constants.tiles = first;
  constants.channels = constants.tiles + std::uint64_t{layer.inputs} * layer.outputs;
  constants.end = constants.channels + std::uint64_t{isa::kChannelPlanes} * layer.outputs;
  if (layer.table) {
    constants.table = constants.end;
    constants.end += isa::kTableEntries;
  }
  if (layer.softmax_table) {
    constants.softmax_table = constants.end;
    constants.end += 2 * isa::kTableEntries;
  }
  return constants;
}

void append_constants(const QuantDense& layer, const LayerConstants& constants,
                      std::vector<std::uint8_t>& image) {
  append_tiles(layer, constants.tiling, image);
  append_channels(layer, constants.tiling, image);
  if (layer.table) {
    append_plane(layer.table->data(), isa::kTableEntries, 0, image);
  }
  if (layer.softmax_table) {
    for (const std::uint16_t entry : *layer.softmax_table) {
      image.push_back(static_cast<std::uint8_t>(entry & 0xffU));
      image.push_back(static_cast<std::uint8_t>(entry >> 8U));
    }
  }
}

}  // namespace systol
