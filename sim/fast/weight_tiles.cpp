#include "sim/fast/weight_tiles.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "sim/fast/transpose.h"
#include "sim/fast/unpack_weights.h"

namespace systol {
namespace {

/// Whether tiles are bytes for products or distances, in which zeros, too, are counted.
bool counts_tiles(isa::PeType pe) { return !isa::is_float(pe) && !isa::is_sparse(pe); }

/// `count` values of `bytes` bytes, `step` values apart where they go.
void spread(const std::int8_t* __restrict from, std::int8_t* __restrict to, std::size_t count,
            std::size_t step, std::size_t bytes) {
  if (step == 1) {
    std::memcpy(to, from, count * bytes);
  } else if (bytes == 1) {
    for (std::size_t i = 0; i < count; ++i) {
      to[i * step] = from[i];
    }
  } else {
    for (std::size_t i = 0; i < count; ++i) {
      std::memcpy(to + i * step * bytes, from + i * bytes, bytes);
    }
  }
}

/// Of values of `bytes` bytes; `tile` is [load.rows()][load.columns()].
void spread_pieces(const isa::LoadTile& load, const std::int8_t* buffer, std::size_t bytes,
                   std::vector<std::int8_t>& tile) {
  const std::uint32_t segment = load.depth / load.segments;
  const std::size_t step = load.transposed ? load.columns() : 1;  // from value to value
  const std::size_t turn = load.transposed ? 1 : load.columns();  // from vector to vector
  std::size_t piece = 0;
  load.buffer.for_each([&](std::uint64_t address) {
    const std::size_t to = piece / load.segments * turn + piece % load.segments * segment * step;
    spread(buffer + address, &tile[to * bytes], segment, step, bytes);
    ++piece;
  });
}

}  // namespace

const WeightTiles::Tile& WeightTiles::load(const isa::LoadWeights& load,
                                           const std::uint8_t* memory) {
  const std::uint8_t* source = memory + load.memory;
  Tile tile{nullptr, load.rows, load.columns, load.space, {}};
  if (isa::is_sparse(config_.pe)) {
    SparseTile sparse(source, load.rows, load.columns);
    tile.copy = sparse.take_lanes();
    tile.sparse = std::move(sparse);
  } else if (isa::is_packed(config_.pe)) {
    tile.copy.resize(std::size_t{load.rows} * load.columns);
    for (std::size_t row = 0; row < load.rows; ++row) {
      unpack_weights(source + row * isa::weight_row_bytes(load.columns, config_.pe),
                     &tile.copy[row * load.columns], load.columns,
                     isa::describe(config_.pe).weight_bits);
    }
  } else {
    tile.values = reinterpret_cast<const std::int8_t*>(source);
  }
  if (counts_tiles(config_.pe)) {
    tile.counts = counts_.of(load.space, source, tile.view());
  }
  return push(std::move(tile));
}

const WeightTiles::Tile& WeightTiles::load(const isa::LoadTile& load, const std::int8_t* buffer) {
  const std::size_t bytes = isa::value_bytes(config_.pe);
  Tile tile;
  tile.rows = load.rows();
  tile.columns = load.columns();
  tile.copy = std::move(spare_);
  tile.copy.resize(std::size_t{tile.rows} * tile.columns * bytes);
  const isa::Walk walk = isa::joined(load.buffer);
  if (load.transposed && load.segments == 1 && bytes == 1 && isa::used_loops(walk).size() <= 1) {
    transpose({buffer + walk.base, walk.loops.back().stride, tile.columns, tile.rows},
              tile.copy.data());
  } else {
    spread_pieces(load, buffer, bytes, tile.copy);
  }
  if (counts_tiles(config_.pe)) {
    tile.counts = std::make_shared<TileCounts>(tile.view());
  }
  return push(std::move(tile));
}

const WeightTiles::Tile& WeightTiles::push(Tile tile) {
  fifo_.push_back(std::move(tile));
  return fifo_.back();
}

void WeightTiles::take() {
  spare_ = std::move(active_.copy);
  active_ = std::move(fifo_.front());
  fifo_.pop_front();
  active_.values = active_.copy.empty() ? active_.values : active_.copy.data();
}

void WeightTiles::keep(isa::Space space) {
  if (active_.space == space) {
    keep(active_);
  }
  for (Tile& tile : fifo_) {
    if (tile.space == space) {
      keep(tile);
    }
  }
  counts_.changed(space);
}

void WeightTiles::keep(Tile& tile) const {
  if (tile.copy.empty() && tile.values != nullptr) {
    const std::size_t values = std::size_t{tile.rows} * tile.columns;
    tile.copy.assign(tile.values, tile.values + values * isa::value_bytes(config_.pe));
    tile.values = tile.copy.data();
  }
}

void WeightTiles::save(Snapshot& snapshot) const {
  snapshot.active = padded(active_);
  for (const Tile& tile : fifo_) {
    snapshot.tiles.push_back(padded(tile));
  }
}

Snapshot::Tile WeightTiles::padded(const Tile& tile) const {
  Snapshot::Tile padded;
  const std::size_t bytes = isa::lane_bytes(config_.pe);
  padded.values.resize(std::size_t{config_.rows} * config_.columns * bytes);
  padded.rows = tile.rows;
  padded.columns = tile.columns;
  const std::int8_t* values = tile.copy.empty() ? tile.values : tile.copy.data();
  for (std::size_t row = 0; row < tile.rows; ++row) {
    std::copy_n(values + row * tile.columns * bytes, tile.columns * bytes,
                padded.values.begin() + static_cast<std::ptrdiff_t>(row * config_.columns * bytes));
  }
  return padded;
}

}  // namespace systol
