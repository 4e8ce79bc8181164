// Weight-stationary and output-stationary tiles: samples in rows, a channel in each column.
#pragma once

#include "host/compile/tile_lowering.h"

namespace systol {

/// The weight tile goes to the FIFO, the activations come from the buffer. A weight tile that a
/// column tile has only one of stays in a weight-stationary array for all row blocks.
class ColumnChannelsLowering : public TileLowering {
 public:
  ColumnChannelsLowering(const ArrayConfig& config, Schedule& schedule, std::uint32_t slot_rows);

  void begin_column_tile(std::uint32_t n) override;
  void begin_border(std::uint64_t border) override;

 protected:
  std::vector<CommandId> lower_matmuls(const Block& block, std::uint32_t accumulator,
                                       std::optional<CommandId> reader) override;
  isa::Operation activation(const Part& part, std::uint32_t accumulator) override;

 private:
  void load_tile(const Block& block, std::uint32_t k);
  isa::Operation matmul(const BufferRows& rows, std::uint32_t k, std::uint32_t accumulator,
                        bool reuse) const;

  bool tile_active_ = false;  ///< a block of this column tile has been lowered
  std::uint32_t channel_turn_ = 0;
  std::array<std::optional<CommandId>, 2> channel_readers_;
};

}  // namespace systol
