#include "host/compile/product_bands.h"

#include <algorithm>

#include "host/compile/channel.h"

namespace systol {
namespace {

/// Cycles in which memory moves what the product needs of it. The second operand comes again for
/// each band of rows; columns of one that is not transposed are pieces of its rows.
double transfer_time(const MatrixInMemory& matrix, const ProductShape& shape,
                     const ArrayConfig& config) {
  const Tiling& tiling = *matrix.tiling;
  const auto bands = static_cast<double>(divided_up(matrix.rows, shape.rows));
  const auto groups = static_cast<double>(divided_up(tiling.column_tiles(), shape.column_tiles));
  const auto rows = static_cast<double>(matrix.rows);
  const auto inputs = static_cast<double>(tiling.inputs);
  const auto outputs = static_cast<double>(tiling.outputs);
  const double second = matrix.second ? bands * inputs * outputs : 0;
  const double pieces = !matrix.transposed && groups > 1 ? bands * groups * inputs : bands * groups;
  const double stored = matrix.output ? rows * outputs : 0;
  const double stores = groups > 1 ? rows * groups : bands;
  return channel_of(config, isa::Space::Activations)
      .time(
          second + stored + (matrix.first ? rows * inputs : 0),
          (matrix.second ? pieces : 0) + (matrix.output ? stores : 0) + (matrix.first ? bands : 0),
          config.dma_outstanding);
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

std::uint64_t MatrixInMemory::bytes(std::uint64_t of_rows, std::uint64_t of_columns) const {
  return (first ? of_rows * tiling->inputs : 0) + (second ? of_columns * tiling->inputs : 0) +
         (output ? of_rows * of_columns : 0);
}

std::optional<ProductShape> product_shape(const MatrixInMemory& matrix, const ArrayConfig& config,
                                          std::uint64_t bytes) {
  const Tiling& tiling = *matrix.tiling;
  std::optional<ProductShape> best;
  double least = 0;
  for (const std::uint32_t areas : {2U, 1U}) {
    for (std::uint32_t tiles = tiling.column_tiles();; tiles = (tiles + 1) / 2) {
      const std::uint64_t columns =
          std::min<std::uint64_t>(tiling.outputs, std::uint64_t{tiles} * tiling.tile_columns);
      const ProductShape shape{rows_that_fit(matrix, columns, bytes / areas), tiles, areas};
      const double time = shape.rows == 0 ? 0 : transfer_time(matrix, shape, config);
      if (shape.rows > 0 && (!best || time < least)) {
        best = shape;
        least = time;
      }
      if (tiles == 1) {
        break;
      }
    }
  }
  return best;
}

}  // namespace systol
