// The command side of an output-stationary array.
#pragma once

#include "sim/systemc/matrix_sequencer.h"
#include "sim/unit/lane_masks.h"

namespace systol {

/// Follows hw/TIMING.md: a matmul in place feeds a step a cycle, activations from the buffer and
/// weights straight from the FIFO's tile; the sums of a drained product leave meanwhile, one row a
/// cycle, so that two products drain at least R cycles apart.
class OutputStationarySequencer : public MatrixSequencer {
 public:
  explicit OutputStationarySequencer(Machine& machine);

  void complete(Cycles now) override;
  void start(Cycles now) override;
  FeedPins feed(Cycles now) override;
  WeightPins weights(Cycles now) override;
  DrainPins drain(Cycles now) override;
  void name_drivers(Cycles now, PinDrivers& drivers) const override;

 protected:
  CycleClass stall_with_tokens(Cycles now) const override;
  void restore_array(const Snapshot& snapshot) override;

 private:
  struct Drain {
    Cycles last_step;
    std::uint32_t accumulator = 0;
    std::uint32_t rows = 0;
    PinDriver driver{};
  };

  bool array_drained(Cycles now) const;
  void read_step(const isa::MatmulOutputStationary& matmul, std::uint32_t step);

  WeightTile tile_;  ///< the one that is fed
  std::optional<Drain> drain_;
  // Two copies each: the pins point at one while the other is filled.
  std::array<std::vector<std::uint8_t>, 2> activations_;
  std::array<std::vector<std::uint8_t>, 2> weights_;
  LaneMasks row_masks_;
  LaneMasks column_masks_;
};

}  // namespace systol
