// What a program keeps in the weights space: tiles, channel parameters and tables of every layer.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "host/quant_graph.h"
#include "hw/isa/command.h"

namespace systol {

/// How a layer's K x N weights are cut: tile (k, n) covers rows from k * tile_rows on and columns
/// from n * tile_columns on; the last of each may be smaller.
struct Tiling {
  std::uint32_t inputs = 0;
  std::uint32_t outputs = 0;
  std::uint32_t tile_rows = 0;
  std::uint32_t tile_columns = 0;

  std::uint32_t row_tiles() const { return (inputs + tile_rows - 1) / tile_rows; }
  std::uint32_t column_tiles() const { return (outputs + tile_columns - 1) / tile_columns; }
  std::uint32_t depth(std::uint32_t k) const { return std::min(tile_rows, inputs - k * tile_rows); }
  std::uint32_t columns(std::uint32_t n) const {
    return std::min(tile_columns, outputs - n * tile_columns);
  }
};

/// Where a layer's constants lie in the weights space.
struct LayerConstants {
  Tiling tiling;
  std::uint64_t tiles = 0;     ///< column tile by column tile; in each, row tiles from the top
  std::uint64_t channels = 0;  ///< nine planes per column tile
  std::optional<std::uint64_t> table;
  std::optional<std::uint64_t> softmax_table;
  std::uint64_t end = 0;  ///< where the next layer's may begin

  std::uint64_t tile(std::uint32_t k, std::uint32_t n) const {
    const std::uint64_t before = std::uint64_t{n} * tiling.tile_columns * tiling.inputs;
    return tiles + before + std::uint64_t{k} * tiling.tile_rows * tiling.columns(n);
  }
  std::uint64_t channel_block(std::uint32_t n) const {
    return channels + std::uint64_t{n} * tiling.tile_columns * isa::kChannelPlanes;
  }
};

/// Where the layer's constants lie if they begin at `first`; its values are not looked at.
LayerConstants place_constants(const QuantDense& layer, std::uint32_t tile_rows,
                               std::uint32_t tile_columns, std::uint64_t first);

/// Appends the layer's constants to `image`, which ends where they were placed.
void append_constants(const QuantDense& layer, const LayerConstants& constants,
                      std::vector<std::uint8_t>& image);

}  // namespace systol
