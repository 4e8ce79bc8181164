// The PE array with its skew and de-skew: weights, activations and partial sums in motion.
//
// The hardware moves every value one PE per cycle. Here values stay where they are and the frame
// moves: a row's activations lie in a history that each column reads at its own delay, and a
// partial sum keeps its place in memory while the row that owns the place advances. What is left
// to do per cycle is one multiply-add per PE over contiguous memory, which the compiler vectorises.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "sim/unit/matrix_unit.h"

namespace systol {

class ArrayModel {
 public:
  ArrayModel(std::uint32_t rows, std::uint32_t columns);

  /// What leaves the de-skew in a cycle: one feed's `columns` sums.
  struct Row {
    const std::int32_t* sums = nullptr;
    std::uint32_t address = 0;
    bool add = false;
  };

  /// One clock edge; the row that is complete after it, if there is one.
  std::optional<Row> step(const UnitInputs& inputs);

  /// Beside those that there are already.
  void inject(const StuckBit& fault) { faults_.push_back(fault); }

  /// Registers in the hardware's frame. They are tracked from the first call on, which is slow:
  /// for waveforms and tests. Call it no later than after the first step to see what the hardware
  /// holds where no wave passes.
  UnitState state();

 private:
  struct Feed {
    bool valid = false;
    bool swap = false;
    bool add = false;
    std::uint32_t address = 0;
  };
  struct WeightRow {
    bool valid = false;
    std::uint32_t row = 0;
    std::vector<std::int8_t> values;
  };

  void enter_feed(const UnitInputs& inputs);
  void move_swaps();
  void multiply();
  void apply_faults();
  void update_view();
  std::optional<Row> leave();
  void enter_weights(const UnitInputs& inputs);
  void move_weights();

  std::int32_t* sums_of_row(std::uint32_t row) {
    return &sums_[static_cast<std::size_t>((row + rows_ - frame_) % rows_) * columns_];
  }
  std::size_t at(std::uint32_t row, std::uint32_t column) const {
    return static_cast<std::size_t>(row) * columns_ + column;
  }

  std::uint32_t rows_;
  std::uint32_t columns_;
  std::uint32_t depth_;  ///< cycles from feed to complete row: rows + columns - 1
  std::vector<std::int8_t> active_;
  std::vector<std::int8_t> shadow_;
  /// Row r's activations, newest first: the one that PE (r, c) uses now is at newest_ + r + c.
  std::vector<std::int8_t> history_;
  std::size_t history_length_;
  std::size_t newest_;
  std::vector<std::int32_t> sums_;  ///< row r of the array at place (r - frame_) mod rows
  std::uint32_t frame_ = 0;
  std::vector<Feed> feeds_;              ///< ring: what was fed in the last `depth_` cycles
  std::deque<std::uint32_t> swap_ages_;  ///< cycles since each swap in flight was fed
  std::vector<std::int32_t> leaving_;    ///< ring of de-skewed rows, one per feed in flight
  std::uint32_t now_ = 0;                ///< place of this cycle's feed in both rings
  std::uint32_t quiet_ = 0;              ///< cycles since the last feed
  std::vector<WeightRow> weight_rows_;   ///< ring: the last `columns_` cycles of the weight port
  std::uint32_t weight_now_ = 0;
  std::uint32_t weight_quiet_ = 0;
  std::vector<StuckBit> faults_;
  // Kept up to date once state() was called.
  std::vector<std::int8_t> activations_view_;
  std::vector<std::int32_t> sums_view_;
};

}  // namespace systol
