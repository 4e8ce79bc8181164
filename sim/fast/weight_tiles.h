// The tiles on their way into the array: those in the weight FIFO, and the one in the PEs.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "hw/isa/command.h"
#include "sim/config/array_config.h"
#include "sim/fast/matrix_view.h"
#include "sim/fast/sparse_tile.h"
#include "sim/fast/tile_counts.h"
#include "sim/snapshot.h"

namespace systol {

class WeightTiles {
 public:
  struct Tile {
    const std::int8_t* values = nullptr;  ///< lanes of [rows][columns] in memory, or in `copy`
    std::uint32_t rows = 0;
    std::uint32_t columns = 0;
    isa::Space space = isa::Space::Weights;
    std::vector<std::int8_t> copy;            ///< once the memory may change
    std::shared_ptr<TileCounts> counts = {};  ///< of bytes for products or distances
    std::optional<SparseTile> sparse = {};    ///< and of these `copy` is the lanes

    MatrixView view() const {
      return {values != nullptr ? values : copy.data(), columns, rows, columns};
    }
  };

  /// `config` must outlive it.
  explicit WeightTiles(const ArrayConfig& config) : config_(config) {}

  /// The tile of a command goes to the end of the FIFO; `memory` is the load's space, `buffer` the
  /// unified buffer. Good until the next call of a function that is not const.
  const Tile& load(const isa::LoadWeights& load, const std::uint8_t* memory);
  const Tile& load(const isa::LoadTile& load, const std::int8_t* buffer);

  /// In the PEs; no rows before the first is taken.
  const Tile& active() const { return active_; }
  /// The first of the FIFO, which must have one.
  const Tile& next() const { return fifo_.front(); }
  /// Whether neither of these is a copy: what points to the active one stays good after take().
  bool in_memory() const { return next().copy.empty() && active_.copy.empty(); }
  /// The next tile becomes the active one.
  void take();
  /// To be called before a memory is written: tiles that have been read from it keep their values.
  void keep(isa::Space space);
  void save(Snapshot& snapshot) const;

 private:
  const Tile& push(Tile tile);
  void keep(Tile& tile) const;
  Snapshot::Tile padded(const Tile& tile) const;

  const ArrayConfig& config_;
  std::deque<Tile> fifo_;
  Tile active_;
  std::vector<std::int8_t> spare_;  ///< the memory of a copy that is gone
  KeptTileCounts counts_;
};

}  // namespace systol
