#include "host/compile/tile_lowering.h"

#include <algorithm>

namespace systol {
namespace {

constexpr std::uint64_t kSoftmaxTableBytes = 2 * isa::kTableEntries;

std::uint64_t channel_bytes(const ArrayConfig& config) {
  return std::uint64_t{isa::kChannelPlanes} * config.columns;
}

std::vector<std::optional<CommandId>> joined(std::vector<std::optional<CommandId>> ids,
                                             std::optional<CommandId> last) {
  ids.push_back(last);
  return ids;
}

}  // namespace

TileLowering::TileLowering(const ArrayConfig& config, Schedule& schedule, std::uint32_t block_rows)
    : config_(config),
      schedule_(schedule),
      block_rows_(block_rows),
      accumulator_readers_(config.accumulator_rows / block_rows) {}

std::uint64_t TileLowering::reserved_bytes(const ArrayConfig& config) {
  return 2 * channel_bytes(config) + 2 * isa::kTableEntries + kSoftmaxTableBytes;
}

std::uint64_t TileLowering::channel_slot(std::uint32_t slot) const {
  return slot * channel_bytes(config_);
}
std::uint64_t TileLowering::table_slot(std::uint32_t slot) const {
  return channel_slot(2) + std::uint64_t{slot} * isa::kTableEntries;
}
std::uint64_t TileLowering::softmax_table_address() const { return table_slot(2); }

CommandId TileLowering::load_constants(std::uint64_t memory, std::uint64_t buffer,
                                       std::uint64_t bytes, const isa::Origin& origin,
                                       std::optional<CommandId> after) {
  isa::Load load;
  load.space = isa::Space::Weights;
  load.memory = memory;
  load.memory_stride = bytes;
  load.buffer = buffer;
  load.buffer_stride = bytes;
  load.rows = 1;
  load.row_bytes = bytes;
  return schedule_.append(load, origin, {after});
}

void TileLowering::begin_layer(std::uint32_t layer, const LayerConstants& constants,
                               const LayerActivation& activation) {
  layer_ = layer;
  constants_ = &constants;
  activation_ = activation;
  const isa::Origin origin{layer, 0, 0, 0};
  if (constants.table) {
    table_turn_ = 1 - table_turn_;
    const std::uint64_t slot = table_slot(table_turn_);
    std::optional<CommandId>& reader = table_readers_[table_turn_];
    const CommandId load =
        load_constants(*constants.table, slot, isa::kTableEntries, origin, reader);
    reader = schedule_.append(isa::SetTable{slot}, origin, {load});
  }
  if (constants.softmax_table) {
    softmax_load_ = load_constants(*constants.softmax_table, softmax_table_address(),
                                   kSoftmaxTableBytes, origin, last_softmax_);
  }
}

void TileLowering::begin_column_tile(std::uint32_t n) {
  column_tile_ = n;
  channel_turn_ = 1 - channel_turn_;
  const std::uint32_t columns = constants_->tiling.columns(n);
  const std::uint64_t slot = channel_slot(channel_turn_);
  const isa::Origin origin{layer_, 0, n * constants_->tiling.tile_columns, 0};
  std::optional<CommandId>& reader = channel_readers_[channel_turn_];
  const CommandId load =
      load_constants(constants_->channel_block(n), slot,
                     std::uint64_t{isa::kChannelPlanes} * columns, origin, reader);
  reader = schedule_.append(isa::SetChannels{slot, columns}, origin, {load});
}

CommandId TileLowering::lower_block(const Block& block) {
  const std::uint32_t slot = accumulator_turn_;
  accumulator_turn_ =
      (accumulator_turn_ + 1) % static_cast<std::uint32_t>(accumulator_readers_.size());
  const CommandId sums = lower_matmuls(block, slot);
  isa::Activate activate;
  activate.accumulator = slot * block_rows_;
  activate.rows = block.rows;
  activate.columns = constants_->tiling.columns(column_tile_);
  activate.buffer = block.destination.address;
  activate.buffer_stride = block.destination.stride;
  activate.zero_point = activation_.zero_point;
  activate.minimum = activation_.minimum;
  activate.maximum = activation_.maximum;
  activate.table = constants_->table.has_value();
  const isa::Origin origin{layer_, block.row, column_tile_ * constants_->tiling.tile_columns, 0};
  const CommandId id = schedule_.append(activate, origin, joined(block.destination.after, sums));
  accumulator_readers_[slot] = id;
  return id;
}

CommandId TileLowering::lower_matmuls(const Block& block, std::uint32_t slot) {
  const Tiling& tiling = constants_->tiling;
  CommandId last;
  for (std::uint32_t k = 0; k < tiling.row_tiles(); ++k) {
    const isa::Origin origin{layer_, block.row, column_tile_ * tiling.tile_columns,
                             k * tiling.tile_rows};
    const BufferRows rows = block.input(k);
    if (!block.keep_tile) {
      schedule_.append(isa::LoadWeights{isa::Space::Weights, constants_->tile(k, column_tile_),
                                        tiling.depth(k), tiling.columns(column_tile_)},
                       origin);
    }
    isa::Matmul matmul;
    matmul.buffer = rows.address;
    matmul.buffer_stride = rows.stride;
    matmul.rows = block.rows;
    matmul.depth = tiling.depth(k);
    matmul.columns = tiling.columns(column_tile_);
    matmul.accumulator = slot * block_rows_;
    matmul.add = k > 0;
    matmul.reuse = block.keep_tile;
    const std::optional<CommandId> reader = k == 0 ? accumulator_readers_[slot] : std::nullopt;
    last = schedule_.append(matmul, origin, joined(rows.after, reader));
    if (block.used) {
      block.used(k, last);
    }
  }
  return last;
}

CommandId TileLowering::lower_softmax(const isa::Origin& origin, std::uint32_t rows,
                                      const BufferRows& source, const BufferRows& destination) {
  isa::Softmax softmax;
  softmax.source = source.address;
  softmax.source_stride = source.stride;
  softmax.destination = destination.address;
  softmax.destination_stride = destination.stride;
  softmax.table = softmax_table_address();
  softmax.rows = rows;
  softmax.columns = constants_->tiling.outputs;
  std::vector<std::optional<CommandId>> after = joined(destination.after, softmax_load_);
  after.insert(after.end(), source.after.begin(), source.after.end());
  last_softmax_ = schedule_.append(softmax, origin, after);
  return *last_softmax_;
}

}  // namespace systol
