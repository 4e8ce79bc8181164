// How a layer whose tensors do not fit the buffer goes through it: candidates, what each costs by
// closed forms of the machine alone, and the best.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "host/compile/tiling.h"
#include "sim/base/units.h"
#include "sim/config/array_config.h"

namespace systol {

/// A layer of the matrix unit. Rows are the indices of the output's axis that is cut: the first, or
/// of an image the second, whose indices are the places of an image row.
struct BandedLayer {
  std::size_t axis = 0;
  std::uint64_t repeats = 1;      ///< indices of the axes before it, each a band or more
  std::uint64_t extent = 0;       ///< of the axis that is cut
  std::uint64_t matmul_rows = 0;  ///< activation rows of one index of it
  /// Of these, an image row's, which blocks of the accumulators' rows cut only where none is whole;
  /// 1 where image rows follow each other as one.
  std::uint64_t together = 1;
  const Tiling* tiling = nullptr;
  bool output_in_memory = false;
  /// Of the inputs that are in memory: of the largest region that a band of so many rows reads, and
  /// of all bands' regions together.
  std::function<std::uint64_t(std::uint64_t extent)> input_bytes;
  std::function<std::uint64_t(std::uint64_t extent)> input_traffic;
};

/// Bands of `extent` rows, each computed in groups of `column_tiles` column tiles that share an
/// area of the output; one area for bands of input, or two in turn, and likewise for the output.
struct BandShape {
  std::uint64_t extent = 0;
  std::uint32_t column_tiles = 0;
  std::uint32_t input_areas = 1;
  std::uint32_t output_areas = 1;
  std::size_t axis = 0;

  /// "7 rows x 4 column tiles", or "7 places x 4 column tiles", for people.
  std::string text() const;
  bool operator==(const BandShape&) const = default;
};

struct BandCandidate {
  BandShape shape;
  Cycles cost;
};

/// Whether `pixels` requests of `bytes` each take less time than all the bytes at once.
bool single_pixels_are_faster(std::uint64_t pixels, std::uint64_t bytes, std::uint64_t all_bytes,
                              const ArrayConfig& config);

/// Bytes of the buffer that it takes.
std::uint64_t buffer_bytes(const BandedLayer& layer, const BandShape& shape);

/// An estimate: matmuls, which follow each other as fast as their weights come, beside what the
/// memories move, and what of it nothing hides. Stalls between them are left out.
Cycles cost_of(const BandedLayer& layer, const BandShape& shape, const ArrayConfig& config);

/// Bytes from and to memory: regions of inputs, outputs, and weights as often as they are fetched.
std::uint64_t traffic_of(const BandedLayer& layer, const BandShape& shape,
                         const ArrayConfig& config);

/// The candidates that fit `bytes` of buffer, the cheapest first; none where nothing fits. Of more
/// bytes the first neither costs more nor moves more. What moves much less than it and takes hardly
/// longer comes before it, without those between them.
std::vector<BandCandidate> band_candidates(const BandedLayer& layer, const ArrayConfig& config,
                                           std::uint64_t bytes);

}  // namespace systol
