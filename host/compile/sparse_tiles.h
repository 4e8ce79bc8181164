// Tiles of sparse weights, as a memory holds them.
#pragma once

#include <cstdint>
#include <vector>

#include "host/compile/tiling.h"
#include "host/graph/quant_graph.h"

namespace systol {

/// Appends the tiles, column tile by column tile: of each group of four weights those two that are
/// not 0, each in a PE row, with their places in the group behind each row's weights. Throws
/// std::logic_error where more than two are not 0.
void append_sparse_tiles(const QuantMatMul& matmul, const Tiling& tiling,
                         std::vector<std::uint8_t>& image);

}  // namespace systol
