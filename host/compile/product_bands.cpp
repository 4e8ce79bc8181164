#include "host/compile/product_bands.h"

#include <algorithm>
#include <cmath>

#include "host/compile/channel.h"

namespace systol {
namespace {

/// Cycles in which memory moves what a matrix needs of it. The second operand comes again for each
/// band of rows; columns of one that is not transposed are pieces of its rows.
double transfer_time(const MatrixInMemory& matrix, const BandShape& shape,
                     const ArrayConfig& config) {
  const Tiling& tiling = *matrix.tiling;
  const std::uint64_t bands = divided_up(matrix.rows, shape.extent);
  const std::uint64_t groups = divided_up(tiling.column_tiles(), shape.column_tiles);
  const std::uint64_t pieces = matrix.transposed || groups == 1 ? 1 : tiling.inputs;
  std::uint64_t bytes = 0;
  std::uint64_t requests = 0;
  if (matrix.first) {
    bytes += matrix.rows * tiling.inputs;
    requests += bands;
  }
  if (matrix.second) {
    bytes += bands * tiling.inputs * tiling.outputs;
    requests += bands * groups * pieces;
  }
  if (matrix.output) {
    bytes += matrix.rows * tiling.outputs;
    requests += groups == 1 ? bands : matrix.rows * groups;
  }
  return channel_of(config, isa::Space::Activations)
      .time(static_cast<double>(bytes), static_cast<double>(requests), config.dma_outstanding);
}

/// Cycles in which the array is fed a matrix.
std::uint64_t feed_time(const MatrixInMemory& matrix, const BandShape& shape,
                        const ArrayConfig& config) {
  const Tiling& tiling = *matrix.tiling;
  const std::uint64_t bands = divided_up(matrix.rows, shape.extent);
  const std::uint64_t of_column_tile =
      config.dataflow == Dataflow::OutputStationary
          ? divided_up(shape.extent, config.rows) * tiling.inputs
          : tiling.row_tiles() * std::max<std::uint64_t>(shape.extent, config.rows);
  return bands * tiling.column_tiles() * of_column_tile;
}

/// The most rows whose bytes fit; 0 where one does not.
std::uint64_t rows_that_fit(const MatrixInMemory& matrix, std::uint64_t columns,
                            std::uint64_t bytes) {
  const std::uint64_t fixed = matrix.bytes(0, columns);
  const std::uint64_t each = matrix.bytes(1, columns) - fixed;
  if (bytes < fixed) {
    return 0;
  }
  return each == 0 ? matrix.rows : std::min(matrix.rows, (bytes - fixed) / each);
}

}  // namespace

std::uint64_t MatrixInMemory::columns(std::uint32_t tiles) const {
  return std::min<std::uint64_t>(tiling->outputs, std::uint64_t{tiles} * tiling->tile_columns);
}

std::uint64_t MatrixInMemory::bytes(std::uint64_t of_rows, std::uint64_t of_columns) const {
  return (first ? of_rows * tiling->inputs : 0) + (second ? of_columns * tiling->inputs : 0) +
         (output ? of_rows * of_columns : 0);
}

Cycles cost_of(const MatrixInMemory& matrix, const BandShape& shape, const ArrayConfig& config) {
  const double moved = transfer_time(matrix, shape, config);
  const auto fed = static_cast<double>(feed_time(matrix, shape, config));
  const double one = shape.input_areas > 1 ? std::max(moved, fed) : moved + fed;
  return Cycles(static_cast<std::uint64_t>(std::ceil(one))) * matrix.matrices;
}

std::vector<BandCandidate> product_candidates(const MatrixInMemory& matrix,
                                              const ArrayConfig& config, std::uint64_t bytes) {
  std::vector<BandCandidate> result;
  std::uint32_t tiles = 2 * matrix.tiling->column_tiles();
  while (tiles > 1) {  // all column tiles, a half, a quarter ... of them, down to one
    tiles = (tiles + 1) / 2;
    for (const std::uint32_t areas : {2U, 1U}) {
      const std::uint64_t rows = rows_that_fit(matrix, matrix.columns(tiles), bytes / areas);
      if (rows > 0) {
        const BandShape shape{rows, tiles, areas, areas, 0};
        result.push_back({shape, cost_of(matrix, shape, config)});
      }
    }
  }
  std::ranges::stable_sort(result, {}, &BandCandidate::cost);
  return result;
}

}  // namespace systol
