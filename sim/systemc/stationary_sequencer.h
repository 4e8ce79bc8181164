// The command side of an array that keeps a tile in its PEs: of weights, or of activations.
#pragma once

#include "sim/systemc/matrix_sequencer.h"
#include "sim/unit/lane_masks.h"

namespace systol {

/// Follows hw/TIMING.md: a matmul feeds a row a cycle; the next tile shifts in meanwhile, from the
/// cycle in which the shadow registers become free; its matmul can start one cycle later, or when
/// the tile is in whole.
class StationarySequencer : public MatrixSequencer {
 public:
  explicit StationarySequencer(Machine& machine);

  void complete(Cycles now) override;
  void start(Cycles now) override;
  FeedPins feed(Cycles now) override;
  WeightPins weights(Cycles now) override;
  void name_drivers(Cycles now, PinDrivers& drivers) const override;

 protected:
  CycleClass stall_with_tokens(Cycles now) const override;
  void restore_array(const Snapshot& snapshot) override;

 private:
  struct Shift {
    WeightTile tile;
    Cycles start;
    bool swapped = false;
  };

  bool shifted_by(Cycles now) const;
  bool tile_ready(Cycles now) const;
  bool accumulators_ready(Cycles now) const;
  void begin_matmul(Cycles now);
  void begin_shift(Cycles now);
  std::uint32_t fed_rows(const isa::Matmul& matmul) const;
  void read_row(const isa::Matmul& matmul, std::uint32_t row);

  std::optional<Shift> shift_;  ///< the tile in the shadow registers, or on its way there
  WeightTile active_;
  Cycles last_fed_;  ///< cycle and accumulator row of the last feed
  std::uint32_t last_accumulator_ = 0;
  bool fed_before_ = false;
  // Two copies each: the pins point at one while the other is filled.
  std::array<std::vector<std::uint8_t>, 2> rows_;
  std::array<std::vector<std::uint8_t>, 2> weights_;
  LaneMasks row_masks_;
  LaneMasks column_masks_;
};

}  // namespace systol
