// Counts what the matrix unit and the vector unit do by what is presented on their pins, cycle by
// cycle.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "hw/unit/vector_pins.h"
#include "sim/activity.h"
#include "sim/config/array_config.h"
#include "sim/device.h"
#include "sim/systemc/float_counter.h"
#include "sim/systemc/pin_drivers.h"
#include "sim/unit/matrix_unit.h"

namespace systol {

/// Knows no command: rows, tiles and zeros are what the pins showed. What the fast engine counts
/// from the commands must be the same.
class PinCounter {
 public:
  /// `result`, which has its nodes and must outlive this, gets the counts.
  /// Without `switching`, bits that change are not counted.
  PinCounter(const ArrayConfig& config, RunResult& result, bool switching = true);

  /// The pins of one cycle; every cycle once, in the order of time.
  void count(const UnitInputs& pins, const PinDrivers& drivers);
  /// The same of the vector unit.
  void count(const VectorInputs& pins, const PinDriver& driver);
  /// After the last cycle: enters what is known of a tile only when it goes.
  void finish();

  /// Whose rows, or steps, were fed, in the order of time.
  struct FedRows {
    std::uint32_t node = 0;
    std::uint64_t rows = 0;
  };
  const std::vector<FedRows>& fed_rows() const { return fed_rows_; }

 private:
  /// A tile as it came by, and what was multiplied by it.
  struct Tile {
    std::uint32_t columns = 0;
    std::vector<std::uint32_t> nonzero;  ///< weights that meet each activation and are not 0
    std::vector<std::uint8_t> values;    ///< [rows][columns]
    std::uint32_t node = 0;              ///< that it became active for
    std::vector<std::uint8_t> before;    ///< each lane's activation before its first row
    std::vector<std::uint8_t> first;     ///< and of its first row
    std::size_t first_lanes = 0;         ///< of it that are counted
    /// Of one node: rows that were fed, and how many of each place's activations were not 0.
    struct Fed {
      std::uint32_t node = 0;
      std::uint64_t macs = 0;
      std::vector<std::uint32_t> nonzero;
      std::vector<std::uint32_t> toggles;  ///< bits of each lane that changed
      std::vector<std::uint32_t> signs;    ///< how often the lane's sign did
    };
    std::vector<Fed> fed;
  };

  void shift(const UnitInputs& pins, const PinDriver& driver);
  void feed(const UnitInputs& pins, const PinDriver& driver);
  void feed_output_stationary(const UnitInputs& pins, const PinDrivers& drivers);
  void activate(const UnitInputs& pins, const PinDriver& driver);
  void enter_macs(std::uint32_t node, std::uint64_t useful);
  void count_weights(const UnitInputs& pins, std::uint32_t columns);
  void settle(const Tile& tile);
  void settle_switching(const Tile& tile);
  void settle_products(const Tile& tile);
  void settle_signs(const Tile& tile);
  void feed_values(const UnitInputs& pins, const PinDriver& driver);
  void feed_switching(const UnitInputs& pins, const PinDriver& driver, Tile::Fed* fed);
  void step_switching(const UnitInputs& pins, Activity& counts);
  Tile::Fed& fed_of(std::uint32_t node);
  Activity& activity(std::uint32_t node) { return nodes_[node].activity; }

  const ArrayConfig& config_;
  std::size_t rows_;
  std::size_t columns_;
  bool output_stationary_;
  isa::PeType pe_;
  std::size_t value_bytes_;
  std::size_t lane_values_;
  bool switching_;                      ///< of operands of a byte
  std::optional<FloatCounter> floats_;  ///< nothing elsewhere, and where it is not counted
  std::vector<FedRows> fed_rows_;
  std::vector<NodeResult>& nodes_;
  BankCounts& fifo_;
  BankCounts& accumulators_;
  std::shared_ptr<Tile> shifted_;  ///< in the shadow registers, or on its way there
  std::shared_ptr<Tile> active_;   ///< null until the first swap
  // What was there before, in each lane; with sums in place, `active_weights_` is the last step's.
  std::vector<std::uint8_t> fed_;
  std::vector<std::uint8_t> weight_row_;
  std::vector<std::uint8_t> active_weights_;  ///< [rows][columns], before `active_`
};

}  // namespace systol
