#include "host/compile/column_channels.h"

namespace systol {
namespace {

std::uint64_t channel_bytes(const ArrayConfig& config) {
  return std::uint64_t{isa::kChannelPlanes} * config.columns;
}

}  // namespace

ColumnChannelsLowering::ColumnChannelsLowering(const ArrayConfig& config, Schedule& schedule,
                                               std::uint32_t slot_rows)
    : TileLowering(config, schedule, slot_rows) {}

void ColumnChannelsLowering::begin_column_tile(std::uint32_t n) {
  TileLowering::begin_column_tile(n);
  tile_active_ = false;
  begin_border(0);
}

void ColumnChannelsLowering::begin_border(std::uint64_t border) {
  channel_turn_ = 1 - channel_turn_;
  const std::uint32_t columns = tiling().columns(column_tile());
  const std::uint64_t slot = kTableBytes + channel_turn_ * channel_bytes(config_);
  std::optional<CommandId>& reader = channel_readers_[channel_turn_];
  const CommandId load =
      load_constants(constants().channel_block(column_tile(), border), slot,
                     std::uint64_t{isa::kChannelPlanes} * columns, origin(0, 0), reader);
  reader = schedule_.append(isa::SetChannels{slot, columns}, origin(0, 0), {load});
}

std::vector<CommandId> ColumnChannelsLowering::lower_matmuls(const Block& block,
                                                             std::uint32_t accumulator,
                                                             std::optional<CommandId> reader) {
  const bool keep_tile =
      tile_active_ && tiling().row_tiles() == 1 && config_.dataflow == Dataflow::WeightStationary;
  tile_active_ = block.tile == nullptr;  // a product's tiles differ from block to block
  std::vector<CommandId> sums(block.parts.size());
  for (std::uint32_t k = 0; k < tiling().row_tiles(); ++k) {
    if (!keep_tile) {
      load_tile(block, k);
    }
    bool reuse = keep_tile;
    std::uint32_t row = 0;
    for (std::size_t part = 0; part < block.parts.size(); ++part) {
      const BufferRows rows = block.input(k, part);
      std::vector<std::optional<CommandId>> after = rows.after;
      // Sums in place touch the accumulators when they are drained.
      if (config_.dataflow == Dataflow::WeightStationary || k + 1 == tiling().row_tiles()) {
        after.push_back(reader);
      }
      sums[part] = schedule_.append(matmul(rows, k, accumulator + row, reuse),
                                    origin(block.row + row, tiling().slice(k).first), after);
      block.used(isa::Unit::Matrix, sums[part]);
      row += block.parts[part].rows;
      reuse = true;
    }
  }
  return sums;
}

void ColumnChannelsLowering::load_tile(const Block& block, std::uint32_t k) {
  const RowSlice slice = tiling().slice(k);
  const isa::Origin place = origin(block.row, slice.first);
  if (block.tile != nullptr) {
    const BufferTile tile = block.tile(k);
    block.used(isa::Unit::Weights, schedule_.append(tile.load, place, tile.after));
    return;
  }
  schedule_.append(
      isa::LoadWeights{isa::Space::Weights, constants().tile(k, column_tile()),
                       tiling().tile_pe_rows(k, config_.pe), tiling().columns(column_tile())},
      place);
}

isa::Operation ColumnChannelsLowering::matmul(const BufferRows& rows, std::uint32_t k,
                                              std::uint32_t accumulator, bool reuse) const {
  const std::uint32_t depth = tiling().depth(k);
  const std::uint32_t columns = tiling().columns(column_tile());
  if (config_.dataflow == Dataflow::OutputStationary) {
    return isa::MatmulOutputStationary{rows.walk,     depth,
                                       columns,       accumulator,
                                       k == 0,        k + 1 == tiling().row_tiles(),
                                       rows.segments, constants().zero_point};
  }
  return isa::Matmul{rows.walk, depth, columns,       accumulator,
                     k > 0,     reuse, rows.segments, constants().zero_point};
}

isa::Operation ColumnChannelsLowering::activation(const Part& part, std::uint32_t accumulator) {
  if (addition()) {
    isa::ActivateAdd add;
    add.accumulator = accumulator;
    add.columns = tiling().columns(column_tile());
    add.buffer = part.destination.walk;
    add.residual = part.residual.walk;
    add.addition = addition()->weights;
    add.requantisation = requantisation();
    return add;
  }
  const std::uint32_t columns = tiling().columns(column_tile());
  if (constants().signs) {
    return isa::ActivateSigns{accumulator, columns, part.destination.walk, requantisation()};
  }
  return isa::Activate{accumulator, columns, part.destination.walk, requantisation()};
}

}  // namespace systol
