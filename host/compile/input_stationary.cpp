#include "host/compile/input_stationary.h"

namespace systol {
namespace {

std::uint64_t tile_channel_bytes(const ArrayConfig& config) {
  return std::uint64_t{isa::kChannelPlanes} * tile_outputs(config);
}
std::uint64_t weight_bytes(const ArrayConfig& config) {
  return std::uint64_t{config.rows} * tile_outputs(config);
}

}  // namespace

InputStationaryLowering::InputStationaryLowering(const ArrayConfig& config, Schedule& schedule)
    : TileLowering(config, schedule, tile_outputs(config)) {}

std::uint64_t InputStationaryLowering::channel_slot() const {
  return kTableBytes + channel_turn_ * tile_channel_bytes(config_);
}
std::uint64_t InputStationaryLowering::weight_slot() const {
  return kTableBytes + 2 * tile_channel_bytes(config_) + weight_turn_ * weight_bytes(config_);
}

void InputStationaryLowering::begin_column_tile(std::uint32_t n) {
  TileLowering::begin_column_tile(n);
  channel_turn_ = 1 - channel_turn_;
  // The command that reads them follows a matmul, which follows a load of weights after this one.
  load_constants(constants().channel_block(n), channel_slot(),
                 std::uint64_t{isa::kChannelPlanes} * tiling().columns(n), origin(0, 0),
                 channel_readers_[channel_turn_]);
}

std::vector<CommandId> InputStationaryLowering::lower_matmuls(const Block& block,
                                                              std::uint32_t accumulator,
                                                              std::optional<CommandId> reader) {
  const Active tile{&constants(), block.row, tiling().group(column_tile())};
  const bool keep_tile = active_ == tile && tiling().row_tiles() == 1;
  active_ = tile;
  const std::uint32_t outputs = tiling().columns(column_tile());
  CommandId last;
  for (std::uint32_t k = 0; k < tiling().row_tiles(); ++k) {
    const isa::Origin place = origin(block.row, tiling().slice(k).first);
    const std::uint32_t depth = tiling().depth(k);
    weight_turn_ = 1 - weight_turn_;
    std::optional<CommandId>& weight_reader = weight_readers_[weight_turn_];
    const CommandId weights = load_constants(constants().tile(k, column_tile()), weight_slot(),
                                             std::uint64_t{outputs} * depth, place, weight_reader);
    if (!keep_tile) {
      load_tile(block, k);
    }
    const isa::Matmul matmul{
        {weight_slot(), outputs, depth}, depth, block.rows, accumulator, k > 0, keep_tile};
    last = schedule_.append(matmul, place, {weights, reader});
    weight_reader = last;
  }
  return {last};
}

void InputStationaryLowering::load_tile(const Block& block, std::uint32_t k) {
  const BufferRows rows = block.input(k, 0);
  const isa::LoadTile tile{rows.walk, tiling().depth(k), true, rows.segments};
  block.used(isa::Unit::Weights,
             schedule_.append(tile, origin(block.row, tiling().slice(k).first), rows.after));
}

isa::Operation InputStationaryLowering::activation(const Part& part, std::uint32_t accumulator) {
  isa::ActivateTransposed activate;
  activate.accumulator = accumulator;
  activate.rows = tiling().columns(column_tile());
  activate.channels = channel_slot();
  activate.buffer = part.destination.walk;
  activate.requantisation = requantisation();
  return activate;
}

}  // namespace systol
