// Input-stationary tiles: a sample in each column, channels in rows.
#pragma once

#include "host/compile/tile_lowering.h"

namespace systol {

/// A tile of activations goes from the buffer to the FIFO and stays in the array; the weights, with
/// which it is multiplied row by row, come through the buffer, two tiles in turn. Where
/// a batch is one block of one activation tile, the tile stays for all column tiles.
class InputStationaryLowering : public TileLowering {
 public:
  InputStationaryLowering(const ArrayConfig& config, Schedule& schedule);

  void begin_column_tile(std::uint32_t n) override;

 protected:
  std::vector<CommandId> lower_matmuls(const Block& block, std::uint32_t accumulator,
                                       std::optional<CommandId> reader) override;
  /// An output is a row of the accumulators.
  std::uint32_t sum_rows(const Block& /*block*/) const override {
    return tiling().columns(column_tile());
  }
  isa::Operation activation(const Part& part, std::uint32_t accumulator) override;
  void activated(CommandId id) override { channel_readers_[channel_turn_] = id; }

 private:
  /// The activation tile in the array, by where it comes from.
  struct Active {
    const StepConstants* step;
    std::uint32_t row;
    std::uint32_t group;
    bool operator==(const Active&) const = default;
  };

  void load_tile(const Block& block, std::uint32_t k);
  std::uint64_t channel_slot() const;
  std::uint64_t weight_slot() const;

  std::optional<Active> active_;
  std::uint32_t channel_turn_ = 0;
  std::array<std::optional<CommandId>, 2> channel_readers_;
  std::uint32_t weight_turn_ = 0;
  std::array<std::optional<CommandId>, 2> weight_readers_;
};

}  // namespace systol
