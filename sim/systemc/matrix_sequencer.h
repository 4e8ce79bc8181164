// The matrix unit's command side: shifts weight tiles in, feeds activation rows.
#pragma once

#include <array>
#include <deque>
#include <optional>

#include "sim/systemc/command_unit.h"
#include "sim/systemc/pins.h"

namespace systol {

/// Follows hw/TIMING.md: a matmul feeds a row a cycle; the next tile shifts in meanwhile, from the
/// cycle in which the shadow registers become free; its matmul can start one cycle later.
class MatrixSequencer : public CommandUnit {
 public:
  explicit MatrixSequencer(Machine& machine);

  void complete(Cycles now) override;
  void start(Cycles now) override;
  bool in_flight() const override { return feeding_.has_value() || !draining_.empty(); }
  const Issued* current() const override;

  bool feeding() const { return feeding_.has_value(); }
  /// The pins for this cycle; call once per cycle, after start().
  FeedPins feed(Cycles now);
  WeightPins shift(Cycles now);
  /// The class of a cycle in which nothing is fed and a command waits.
  CycleClass stall(Cycles now) const;
  /// The layer that this cycle belongs to.
  std::uint32_t layer() const;

 private:
  struct Shift {
    WeightTile tile;
    Cycles start;
    bool swapped = false;
  };

  bool shifted_by(Cycles now) const;
  bool weights_ready(Cycles now) const;
  bool accumulators_ready(Cycles now) const;
  void begin_matmul(Cycles now);
  void begin_shift(Cycles now);
  void read_row(const isa::Matmul& matmul, std::uint32_t row);

  std::optional<Issued> feeding_;
  std::deque<Issued> draining_;
  std::optional<Shift> shift_;          ///< the tile in the shadow registers, or on its way there
  std::vector<std::uint32_t> nonzero_;  ///< of the active tile
  Cycles last_fed_;                     ///< cycle and accumulator row of the last feed
  std::uint32_t last_accumulator_ = 0;
  bool fed_before_ = false;
  std::uint32_t layer_ = 0;
  // Two copies each: the pins point at one while the other is filled.
  std::array<std::vector<std::int8_t>, 2> rows_;
  std::array<std::vector<std::int8_t>, 2> weights_;
};

}  // namespace systol
