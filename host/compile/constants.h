// What a program keeps in the weights space: tiles, channel parameters and tables of every step.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "host/compile/steps.h"
#include "host/graph/quant_graph.h"
#include "hw/isa/command.h"
#include "sim/config/array_config.h"
#include "sim/config/minimum_buffer.h"

namespace systol {

/// Samples that go through a tile together, at most `rows`: as many as half the accumulators hold,
/// so that the next block's sums build up while the last one's are read; where samples have PE rows
/// (output-stationary) or PE columns (input-stationary) of their own, as many as there are.
std::uint32_t block_rows(const ArrayConfig& config, std::uint64_t rows);

/// How a matmul's K x N weights are cut: tile (k, n) covers rows from k * tile_rows on and columns
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

/// Where a step's constants lie in the weights space.
struct StepConstants {
  Tiling tiling;               ///< of a matmul
  std::uint64_t tiles = 0;     ///< column tile by column tile; in each, row tiles from the top
  bool columns_first = false;  ///< a tile is written column by column, not row by row
  std::uint64_t channels = 0;  ///< nine planes per column tile
  std::optional<std::uint64_t> table;
  std::optional<std::uint64_t> softmax_table;
  std::uint64_t end = 0;  ///< where the next step's may begin

  std::uint64_t tile(std::uint32_t k, std::uint32_t n) const {
    const std::uint64_t before = std::uint64_t{n} * tiling.tile_columns * tiling.inputs;
    return tiles + before + std::uint64_t{k} * tiling.tile_rows * tiling.columns(n);
  }
  std::uint64_t channel_block(std::uint32_t n) const {
    return channels + std::uint64_t{n} * tiling.tile_columns * isa::kChannelPlanes;
  }
};

/// Where the step's constants lie if they begin at `first`.
StepConstants place_constants(const Step& step, const ArrayConfig& config, std::uint64_t first);

/// Appends the step's constants to `image`, which ends where they were placed.
void append_constants(const Step& step, const QuantGraph& graph, const StepConstants& constants,
                      std::vector<std::uint8_t>& image);

}  // namespace systol
