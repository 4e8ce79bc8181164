#include <algorithm>

#include "host/compile/lowering.h"

namespace systol {
namespace {

/// Tensors alternate between two regions of the unified buffer; region i % 2 holds tensor i.
struct Regions {
  std::array<std::uint64_t, 2> row_bytes{};  ///< bytes that one row of the batch needs
};

Regions regions_of(const QuantGraph& graph) {
  Regions regions;
  const std::vector<Step> steps = steps_of(graph);
  regions.row_bytes[0] = steps.front().inputs;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    std::uint64_t& bytes = regions.row_bytes[(i + 1) % 2];
    bytes = std::max<std::uint64_t>(bytes, steps[i].outputs);
  }
  return regions;
}

/// Narrow slices would make many short transfers; wide ones would keep the array waiting.
constexpr std::uint32_t kInputSliceBytes = 64;

class ResidentLowering {
 public:
  ResidentLowering(const Network& network, Schedule& schedule, std::uint32_t rows)
      : network_(network),
        schedule_(schedule),
        block_rows_(block_rows(network.config, rows)),
        tiles_(make_tile_lowering(network.config, schedule, block_rows_)),
        steps_(steps_of(network.graph)) {
    const Regions regions = regions_of(network.graph);
    regions_[0].address = reserved_bytes(network.config);
    regions_[1].address = regions_[0].address + regions.row_bytes[0] * rows;
  }

  /// Rows `first` to `first + rows` of the batch, from input to output.
  void lower(std::uint32_t first, std::uint32_t rows) {
    first_ = first;
    rows_ = rows;
    load_input();
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      tensor_ = i;
      if (steps_[i].softmax) {
        lower_softmax(steps_[i]);
      } else {
        lower_layer(steps_[i]);
      }
      writers_ = std::move(next_writers_);
    }
    store_output();
  }

 private:
  struct Region {
    std::uint64_t address = 0;
    LastUse use;
  };
  /// Per row block, the command that wrote each slice of `slice` columns.
  struct Writers {
    std::uint32_t slice = 1;
    std::vector<std::vector<CommandId>> commands;
  };

  std::uint32_t blocks() const { return (rows_ + block_rows_ - 1) / block_rows_; }
  std::uint32_t rows_in(std::uint32_t block) const {
    return std::min(block_rows_, rows_ - block * block_rows_);
  }
  Region& source() { return regions_[tensor_ % 2]; }
  Region& destination() { return regions_[(tensor_ + 1) % 2]; }

  BufferRows rows_of(const Region& region, std::uint32_t block, std::uint32_t width,
                     std::uint32_t column) const {
    const std::uint64_t row = std::uint64_t{block} * block_rows_;
    return {region.address + row * width + column, width, {}};
  }

  void load_input() {
    const std::uint32_t width = steps_.front().inputs;
    const std::uint32_t tile = network_.config.rows;
    const std::uint32_t slice = (kInputSliceBytes + tile - 1) / tile * tile;
    Region& region = regions_[0];
    // What the block before still does with the region.
    const std::vector<std::optional<CommandId>> after = region.use.all();
    writers_ = {slice, std::vector<std::vector<CommandId>>(blocks())};
    for (std::uint32_t block = 0; block < blocks(); ++block) {
      for (std::uint32_t column = 0; column < width; column += slice) {
        const std::uint64_t row = std::uint64_t{first_} + block * block_rows_;
        isa::Load load;
        load.memory = network_.tensors.front() + row * width + column;
        load.memory_stride = width;
        load.buffer = rows_of(region, block, width, column).address;
        load.buffer_stride = width;
        load.rows = rows_in(block);
        load.row_bytes = std::min(slice, width - column);
        const isa::Origin origin{0, static_cast<std::uint32_t>(row), 0, column};
        const CommandId id = schedule_.append(load, origin, after);
        writers_.commands[block].push_back(id);
        region.use.note(isa::Unit::Load, id);
      }
    }
  }

  void lower_layer(const Step& step) {
    const LayerConstants& constants = network_.constants[step.layer];
    const Tiling& tiling = constants.tiling;
    tiles_->begin_layer(step.layer, constants, activation_of(network_.graph.layers[step.layer]));
    next_writers_ = {tiling.tile_columns, std::vector<std::vector<CommandId>>(blocks())};
    for (std::uint32_t n = 0; n < tiling.column_tiles(); ++n) {
      tiles_->begin_column_tile(n);
      for (std::uint32_t block = 0; block < blocks(); ++block) {
        next_writers_.commands[block].push_back(lower_tile(step, tiling, n, block));
      }
    }
  }

  CommandId lower_tile(const Step& step, const Tiling& tiling, std::uint32_t n,
                       std::uint32_t block) {
    TileLowering::Block work;
    work.row = first_ + block * block_rows_;
    work.rows = rows_in(block);
    work.input = [&, block](std::uint32_t k) {
      const std::uint32_t column = k * tiling.tile_rows;
      BufferRows rows = rows_of(source(), block, step.inputs, column);
      // A unit works in order: the writer of the last column has followed those before it.
      const std::uint32_t last = column + tiling.depth(k) - 1;
      rows.after = {writers_.commands[block][last / writers_.slice]};
      return rows;
    };
    work.used = [this](isa::Unit unit, CommandId reader) { source().use.note(unit, reader); };
    work.destination = rows_of(destination(), block, step.outputs, n * tiling.tile_columns);
    work.destination.after = destination().use.all();
    const CommandId id = tiles_->lower_block(work);
    destination().use.note(isa::Unit::Activate, id);
    return id;
  }

  void lower_softmax(const Step& step) {
    next_writers_ = {step.outputs, std::vector<std::vector<CommandId>>(blocks())};
    for (std::uint32_t block = 0; block < blocks(); ++block) {
      const BufferRows from = rows_of(source(), block, step.inputs, 0);
      BufferRows to = rows_of(destination(), block, step.outputs, 0);
      to.after = destination().use.all();
      const isa::Origin origin{step.layer, first_ + block * block_rows_, 0, 0};
      const CommandId id = tiles_->lower_softmax(origin, rows_in(block), from, to);
      source().use.note(isa::Unit::Activate, id);
      destination().use.note(isa::Unit::Activate, id);
      next_writers_.commands[block].push_back(id);
    }
  }

  void store_output() {
    const Step& step = steps_.back();
    Region& region = regions_[steps_.size() % 2];
    for (std::uint32_t block = 0; block < blocks(); ++block) {
      const std::uint64_t row = std::uint64_t{first_} + block * block_rows_;
      isa::Store store;
      store.memory = network_.tensors.back() + row * step.outputs;
      store.memory_stride = step.outputs;
      store.buffer = rows_of(region, block, step.outputs, 0).address;
      store.buffer_stride = step.outputs;
      store.rows = rows_in(block);
      store.row_bytes = step.outputs;
      const isa::Origin origin{step.layer, static_cast<std::uint32_t>(row), 0, 0};
      const CommandId id = schedule_.append(store, origin, {writers_.commands[block].back()});
      region.use.note(isa::Unit::Store, id);
    }
  }

  const Network& network_;
  Schedule& schedule_;
  std::uint32_t block_rows_;
  std::unique_ptr<TileLowering> tiles_;
  std::vector<Step> steps_;
  std::array<Region, 2> regions_;
  Writers writers_;
  Writers next_writers_;
  std::size_t tensor_ = 0;
  std::uint32_t first_ = 0;
  std::uint32_t rows_ = 0;
};

}  // namespace

std::vector<Step> steps_of(const QuantGraph& graph) {
  std::vector<Step> steps;
  for (std::uint32_t i = 0; i < graph.layers.size(); ++i) {
    const QuantDense& layer = graph.layers[i];
    steps.push_back({i, false, layer.inputs, layer.outputs});
    if (layer.softmax_table) {
      steps.push_back({i, true, layer.outputs, layer.outputs});
    }
  }
  return steps;
}

std::uint32_t resident_rows(const QuantGraph& graph, const ArrayConfig& config) {
  const std::uint64_t reserved = reserved_bytes(config);
  const Regions regions = regions_of(graph);
  if (config.unified_buffer.count() <= reserved) {
    return 0;
  }
  const std::uint64_t rows =
      (config.unified_buffer.count() - reserved) / (regions.row_bytes[0] + regions.row_bytes[1]);
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(rows, UINT32_MAX));
}

void lower_resident(const Network& network, Schedule& schedule) {
  const std::uint32_t rows = std::min(network.batch, resident_rows(network.graph, network.config));
  ResidentLowering lowering(network, schedule, rows);
  for (std::uint32_t first = 0; first < network.rows; first += rows) {
    lowering.lower(first, std::min(rows, network.rows - first));
  }
}

}  // namespace systol
