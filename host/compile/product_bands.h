// How a product of two activations goes through a buffer that does not hold one of its matrices:
// some of its rows at a time, and of those some of the columns.
#pragma once

#include <cstdint>
#include <vector>

#include "host/compile/band_choice.h"
#include "host/compile/tiling.h"
#include "sim/config/array_config.h"

namespace systol {

/// M x K activations times K x N ones, as many times as there are matrices, and which of them, and
/// of the sums, are in memory.
struct MatrixInMemory {
  std::uint64_t matrices = 1;
  std::uint64_t rows = 0;  ///< M; K and N are the tiling's
  const Tiling* tiling = nullptr;
  bool first = false;
  bool second = false;
  bool output = false;
  bool transposed = false;  ///< whether the second's columns lie together

  /// N, or what some column tiles have of it.
  std::uint64_t columns(std::uint32_t tiles) const;
  /// Bytes of the buffer that some rows and columns take.
  std::uint64_t bytes(std::uint64_t of_rows, std::uint64_t of_columns) const;
};

/// By closed forms, of all matrices: what memory moves beside what the array is fed.
Cycles cost_of(const MatrixInMemory& matrix, const BandShape& shape, const ArrayConfig& config);

/// Rows and column tiles that fit `bytes`, with one area or two in turn for each of what is in
/// memory, the cheapest first; none where nothing fits.
std::vector<BandCandidate> product_candidates(const MatrixInMemory& matrix,
                                              const ArrayConfig& config, std::uint64_t bytes);

}  // namespace systol
