#include "host/compile/bf16_matmul.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <vector>

#include "host/compile/schedule.h"
#include "host/compile/tile_lowering.h"
#include "sim/base/error.h"
#include "sim/config/quantity_text.h"

namespace systol {
namespace {

constexpr std::uint64_t kBytes = sizeof(Bf16);
constexpr std::uint64_t kSumBytes = sizeof(float);

std::uint64_t a_bytes(const Bf16MatmulShape& shape) { return kBytes * shape.rows * shape.depth; }

/// How much of each matrix is on the chip.
struct Blocks {
  std::uint32_t rows = 0;     ///< of `a` and of the result: an accumulator block
  std::uint32_t depth = 0;    ///< of a tile
  std::uint32_t columns = 0;  ///< of a tile
  std::uint64_t slices = 2;   ///< of `a`, `rows` x `depth` each

  std::uint64_t slice_bytes() const { return kBytes * rows * depth; }
  std::uint64_t tile_bytes() const { return kBytes * depth * columns; }
  std::uint64_t result_bytes() const { return kSumBytes * rows * columns; }
  std::uint64_t other_bytes() const { return 2 * (tile_bytes() + result_bytes()); }
  std::uint64_t bytes() const { return slices * slice_bytes() + other_bytes(); }
};

/// As many rows as two accumulator blocks and the buffer hold, and as many slices as then fit: up
/// to two blocks of them.
Blocks choose_blocks(const Bf16MatmulShape& shape, const ArrayConfig& config) {
  const std::uint64_t buffer = config.unified_buffer.count();
  Blocks blocks{std::min(shape.rows, std::max<std::uint32_t>(config.accumulator_rows / 2, 1)),
                std::min(shape.depth, config.rows), std::min(shape.columns, config.columns)};
  while (blocks.bytes() > buffer && blocks.rows > 1) {
    blocks.rows = (blocks.rows + 1) / 2;
  }
  if (blocks.bytes() > buffer) {
    throw InputError(fmt::format(
        "the unified buffer of {} has {}; a multiplication of {} x {} by {} x {} bf16 values needs "
        "at least {}",
        config.name, to_text(config.unified_buffer), shape.rows, shape.depth, shape.depth,
        shape.columns, to_text(Bytes(blocks.bytes()))));
  }
  const std::uint64_t depth_tiles = (shape.depth + blocks.depth - 1) / blocks.depth;
  blocks.slices = std::clamp<std::uint64_t>((buffer - blocks.other_bytes()) / blocks.slice_bytes(),
                                            2, 2 * depth_tiles);
  return blocks;
}

/// A part of the unified buffer, and what used it last.
struct Area {
  std::uint64_t address = 0;
  LastUse use;
};

/// Areas of one size, which are taken in turn.
class Areas {
 public:
  Areas(std::uint64_t& address, std::uint64_t count, std::uint64_t bytes) : areas_(count) {
    for (Area& area : areas_) {
      area.address = address;
      address += bytes;
    }
  }
  std::size_t size() const { return areas_.size(); }
  Area& next() { return areas_[turn_++ % areas_.size()]; }

 private:
  std::vector<Area> areas_;
  std::size_t turn_ = 0;
};

class Bf16Lowering {
 public:
  Bf16Lowering(const Bf16MatmulShape& shape, const ArrayConfig& config, Schedule& schedule)
      : shape_(shape),
        places_(bf16_matmul_places(shape)),
        blocks_(choose_blocks(shape, config)),
        schedule_(schedule),
        readers_(config.accumulator_rows / blocks_.rows >= 2 ? 2 : 1),
        slices_(end_, blocks_.slices, blocks_.slice_bytes()),
        tiles_(end_, 2, blocks_.tile_bytes()),
        results_(end_, 2, blocks_.result_bytes()) {}

  void lower() {
    for (row_ = 0; row_ < shape_.rows; row_ += rows_) {
      rows_ = std::min(blocks_.rows, shape_.rows - row_);
      resident_.assign((shape_.depth + blocks_.depth - 1) / blocks_.depth, nullptr);
      for (column_ = 0; column_ < shape_.columns; column_ += columns_) {
        columns_ = std::min(blocks_.columns, shape_.columns - column_);
        lower_column_tile();
      }
    }
  }

 private:
  /// The sums of one block of rows and one column tile, from all of the depth.
  void lower_column_tile() {
    std::optional<CommandId>& reader = readers_[turn_];
    const std::uint32_t accumulator = turn_ * blocks_.rows;
    turn_ = (turn_ + 1) % static_cast<std::uint32_t>(readers_.size());
    CommandId sums;
    for (std::uint32_t first = 0; first < shape_.depth; first += blocks_.depth) {
      const std::uint32_t depth = std::min(blocks_.depth, shape_.depth - first);
      Area& slice = slice_of(first, depth);
      load_tile(first, depth);
      isa::Matmul matmul;
      matmul.buffer = fed(slice, depth);
      matmul.segments = shape_.a_transposed ? depth : 1;
      matmul.depth = depth;
      matmul.columns = columns_;
      matmul.accumulator = accumulator;
      matmul.add = first != 0;
      sums = schedule_.append(matmul, origin(first), {loaded_, reader});
      slice.use.note(isa::Unit::Matrix, sums);
    }
    reader = store(accumulator, sums);
  }

  /// Where the slice of `a` lies, which is loaded unless this block has done so. The load unit
  /// works in order, so that what follows its last command follows all of them.
  Area& slice_of(std::uint32_t first, std::uint32_t depth) {
    Area*& kept = resident_[first / blocks_.depth];
    if (kept != nullptr) {
      return *kept;
    }
    Area& area = slices_.next();
    const std::uint64_t corner = shape_.a_transposed ? std::uint64_t{first} * shape_.rows + row_
                                                     : std::uint64_t{row_} * shape_.depth + first;
    const Rectangle rectangle = shape_.a_transposed ? Rectangle{depth, rows_, shape_.rows}
                                                    : Rectangle{rows_, depth, shape_.depth};
    load(isa::Space::Activations, places_.a + kBytes * corner, rectangle, area, first);
    if (slices_.size() >= resident_.size()) {
      kept = &area;
    }
    return area;
  }

  /// Rows of values in memory, whose rows have `width`.
  struct Rectangle {
    std::uint64_t rows;
    std::uint64_t columns;
    std::uint64_t width;
  };

  void load(isa::Space space, std::uint64_t from, const Rectangle& rectangle, Area& to,
            std::uint32_t first) {
    isa::Load load;
    load.space = space;
    load.piece_bytes = kBytes * rectangle.columns;
    load.memory = {from, rectangle.rows, kBytes * rectangle.width};
    load.buffer = {to.address, rectangle.rows, load.piece_bytes};
    loaded_ = schedule_.append(load, origin(first), to.use.all());
    to.use.note(isa::Unit::Load, *loaded_);
  }

  /// How the array reads a slice: a transposed one value by value.
  isa::Walk fed(const Area& slice, std::uint32_t depth) const {
    return shape_.a_transposed
               ? isa::Walk(slice.address, {{rows_, kBytes}, {depth, kBytes * rows_}})
               : isa::Walk(slice.address, rows_, kBytes * depth);
  }

  /// Of `b`, through the buffer to the FIFO.
  void load_tile(std::uint32_t first, std::uint32_t depth) {
    Area& area = tiles_.next();
    const std::uint64_t corner = shape_.b_transposed
                                     ? std::uint64_t{column_} * shape_.depth + first
                                     : std::uint64_t{first} * shape_.columns + column_;
    const Rectangle rectangle = shape_.b_transposed ? Rectangle{columns_, depth, shape_.depth}
                                                    : Rectangle{depth, columns_, shape_.columns};
    load(isa::Space::Weights, places_.b + kBytes * corner, rectangle, area, first);
    isa::LoadTile tile;
    tile.buffer = {area.address, rectangle.rows, kBytes * rectangle.columns};
    tile.depth = static_cast<std::uint32_t>(rectangle.columns);
    tile.transposed = shape_.b_transposed;
    area.use.note(isa::Unit::Weights, schedule_.append(tile, origin(first), {loaded_}));
  }

  /// From the accumulators to memory; returns the command that read them.
  CommandId store(std::uint32_t accumulator, CommandId sums) {
    Area& area = results_.next();
    isa::ActivateFloat activate;
    activate.accumulator = accumulator;
    activate.columns = columns_;
    activate.wide = true;
    activate.buffer = {area.address, rows_, activate.row_bytes()};
    std::vector<std::optional<CommandId>> after = area.use.all();
    after.push_back(sums);
    const CommandId read = schedule_.append(activate, origin(0), after);
    isa::Store store;
    store.space = isa::Space::Activations;
    store.piece_bytes = activate.row_bytes();
    store.buffer = activate.buffer;
    store.memory = {places_.c + kSumBytes * (std::uint64_t{row_} * shape_.columns + column_), rows_,
                    kSumBytes * shape_.columns};
    area.use.note(isa::Unit::Store, schedule_.append(store, origin(0), {read}));
    return read;
  }

  isa::Origin origin(std::uint32_t depth) const { return {0, row_, column_, depth}; }

  const Bf16MatmulShape& shape_;
  Bf16MatmulPlaces places_;
  Blocks blocks_;
  Schedule& schedule_;
  std::vector<std::optional<CommandId>> readers_;  ///< of each accumulator block, the last
  std::uint32_t turn_ = 0;
  std::uint64_t end_ = 0;  ///< of the areas
  Areas slices_;
  Areas tiles_;
  Areas results_;
  std::vector<Area*> resident_;  ///< by depth tile, of this block; null: not in the buffer
  std::optional<CommandId> loaded_;
  std::uint32_t row_ = 0;
  std::uint32_t rows_ = 0;
  std::uint32_t column_ = 0;
  std::uint32_t columns_ = 0;
};

}  // namespace

Bf16MatmulPlaces bf16_matmul_places(const Bf16MatmulShape& shape) {
  constexpr std::uint64_t kAlignment = 64;
  return {0, 0, (a_bytes(shape) + kAlignment - 1) / kAlignment * kAlignment};
}

isa::Program bf16_matmul_program(const Bf16MatmulShape& shape, const ArrayConfig& config,
                                 const std::string& node) {
  if (!isa::is_float(config.pe)) {
    throw InputError(
        fmt::format("{} has PEs of the type '{}'; a multiplication of bf16 values needs "
                    "an array with `pe: bf16`",
                    config.name, isa::describe(config.pe).name));
  }
  if (shape.rows == 0 || shape.depth == 0 || shape.columns == 0) {
    throw InputError(
        fmt::format("a multiplication of {} x {} by {} x {} values; each side must be "
                    "at least 1",
                    shape.rows, shape.depth, shape.depth, shape.columns));
  }
  isa::Program program;
  program.pe = config.pe;
  program.nodes = {node};
  const Bf16MatmulPlaces places = bf16_matmul_places(shape);
  program.space_bytes = {kBytes * shape.depth * shape.columns,
                         places.c + kSumBytes * shape.rows * shape.columns};
  Schedule schedule(append_to(program.commands));
  Bf16Lowering(shape, config, schedule).lower();
  schedule.finish();
  return program;
}

Bf16Matmul::Bf16Matmul(const Bf16MatmulShape& shape, const ArrayConfig& config)
    : shape_(shape),
      places_(bf16_matmul_places(shape)),
      program_(bf16_matmul_program(shape, config)),
      memory_(program_) {}

RunResult Bf16Matmul::run(Device& device, std::span<const Bf16> a, std::span<const Bf16> b,
                          std::span<float> c, Observer* observer) {
  const std::span<std::uint8_t> activations = memory_.space(isa::Space::Activations);
  const std::span<std::uint8_t> weights = memory_.space(isa::Space::Weights);
  if (a.size_bytes() != a_bytes(shape_) || b.size_bytes() != weights.size() ||
      places_.c + c.size_bytes() != activations.size()) {
    throw std::invalid_argument("matrices of other sizes than the program's");
  }
  std::memcpy(activations.data(), a.data(), a.size_bytes());
  std::memcpy(weights.data(), b.data(), b.size_bytes());
  CommandList commands(program_.commands);
  RunResult result = device.run(commands, program_.nodes, memory_, observer);
  std::memcpy(c.data(), &activations[places_.c], c.size_bytes());
  return result;
}

}  // namespace systol
