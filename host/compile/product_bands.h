// How a product of two activations goes through a buffer that does not hold one of its matrices:
// some of its rows at a time, and of those some of the columns.
#pragma once

#include <cstdint>
#include <optional>

#include "host/compile/tiling.h"
#include "sim/config/array_config.h"

namespace systol {

/// M x K activations times K x N ones, and which of them, and of the sums, are in memory.
struct MatrixInMemory {
  std::uint64_t rows = 0;  ///< M; K and N are the tiling's
  const Tiling* tiling = nullptr;
  bool first = false;
  bool second = false;
  bool output = false;
  bool transposed = false;  ///< whether the second's columns lie together

  /// Bytes of the buffer that some rows and columns take.
  std::uint64_t bytes(std::uint64_t of_rows, std::uint64_t of_columns) const;
};

struct ProductShape {
  std::uint64_t rows = 0;
  std::uint32_t column_tiles = 0;
  std::uint32_t areas = 1;  ///< of each of them; with two the next is loaded meanwhile
  bool operator==(const ProductShape&) const = default;
};

/// What fits `bytes` and moves what it must in the least time; nothing where nothing fits.
std::optional<ProductShape> product_shape(const MatrixInMemory& matrix, const ArrayConfig& config,
                                          std::uint64_t bytes);

}  // namespace systol
