// The output-stationary array: sums stay in the PEs while both operands move past them.
//
// As in the weight-stationary model the operands do not move in memory: each lane has a history,
// and PE (r, c) reads what entered r + c cycles ago. The weights are kept skewed, so that a row of
// PEs reads its C weights from contiguous memory. Sums on their way out do move, a row per cycle.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "sim/unit/array_model.h"
#include "sim/unit/deskew.h"
#include "sim/unit/operand_history.h"
#include "sim/unit/pe_row.h"
#include "sim/unit/waves.h"

namespace systol {

class ArrayOutputStationary : public ArrayModel {
 public:
  ArrayOutputStationary(std::uint32_t rows, std::uint32_t columns, isa::PeType pe);

  std::optional<Row> step(const UnitInputs& inputs) override;
  void inject(const StuckBit& fault) override;
  void watch() override;
  void watch_sums() override {}
  const std::int32_t* partial_sums() const override { return sums_.data(); }
  PeRegisters pe(std::uint32_t row, std::uint32_t column) const override;
  void restore(const UnitContents& contents) override;

 private:
  void enter(const UnitInputs& inputs);
  void add();
  void move_drained();
  void copy_sums();
  void update_view();

  /// Where the weights that the row of PEs sees are in the rings of skewed weights.
  std::size_t skewed_row(std::uint32_t row) const { return at((now_ + rows_ - row) % rows_, 0); }
  /// A product's last row has left by so many cycles after its last step.
  std::uint32_t longest_drain() const { return 2 * rows_ + columns_; }
  std::size_t at(std::uint32_t row, std::uint32_t column) const {
    return static_cast<std::size_t>(row) * columns_ + column;
  }

  PeRow<std::int8_t> pe_row_;
  std::uint32_t rows_;
  std::uint32_t columns_;
  Deskew deskew_;
  OperandHistory<std::int8_t> activations_;
  OperandHistory<std::int8_t> weights_;
  std::vector<std::int8_t> skewed_weights_;  ///< ring: row r of PEs reads entry now_ - r
  std::vector<std::int8_t> skewed_mask_;     ///< their masks
  /// The mask of what no step brings, where zeros would add something; elsewhere empty.
  std::vector<std::uint8_t> no_lanes_;
  std::uint32_t now_ = 0;
  std::vector<std::int32_t> sums_;
  std::vector<std::int32_t> drained_;
  Waves steps_;
  Waves begins_;
  Waves drains_;                          ///< last steps: their PEs copy their sums
  std::deque<std::uint32_t> drain_ages_;  ///< cycles since those last steps, oldest first
  std::uint32_t quiet_;                   ///< cycles since the last step, or the last drained row
  std::vector<StuckBit> faults_;
  // Kept up to date once watch() was called.
  std::vector<PeRegisters> view_;
};

}  // namespace systol
