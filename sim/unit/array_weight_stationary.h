// The weight-stationary array: weights, activations and partial sums in motion.
//
// The hardware moves every value one PE per cycle. Here values stay where they are and the frame
// moves: a row's activations lie in a history that each column reads at its own delay, and a
// partial sum keeps its place in memory while the row that owns the place advances. What is left
// to do per cycle is one addition per PE over contiguous memory, which the compiler vectorises.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/unit/array_model.h"
#include "sim/unit/deskew.h"
#include "sim/unit/operand_history.h"
#include "sim/unit/pe_row.h"
#include "sim/unit/waves.h"

namespace systol {

/// Of operands of one type; there are those of `std::int8_t`, of `Bf16` and of `ActivationGroup`.
template <class Operand>
class ArrayWeightStationary : public ArrayModel {
 public:
  ArrayWeightStationary(std::uint32_t rows, std::uint32_t columns, const PeRow<Operand>& pe_row);

  std::optional<Row> step(const UnitInputs& inputs) override;
  void inject(const StuckBit& fault) override { faults_.push_back(fault); }
  void watch() override;
  void watch_sums() override { sums_view_.resize(active_.size()); }
  const std::int32_t* partial_sums() const override {
    return sums_view_.empty() ? nullptr : sums_view_.data();
  }
  PeRegisters pe(std::uint32_t row, std::uint32_t column) const override;
  void restore(const UnitContents& contents) override;

 private:
  struct WeightRow {
    bool valid = false;
    std::uint32_t row = 0;
    std::vector<WeightOf<Operand>> values;
    bool whole = true;              ///< every lane carries a weight
    std::vector<std::int8_t> mask;  ///< unless whole: 1 where the lane carries a weight
  };

  void enter_feed(const UnitInputs& inputs);
  void add();
  void take_shadow(std::size_t pe);
  void set_shadow_mask(std::size_t pe, std::int8_t mask);
  void update_view();
  void update_sums_view();
  void enter_weights(const UnitInputs& inputs);
  void move_weights();

  std::int32_t* sums_of_row(std::uint32_t row) {
    return &sums_[static_cast<std::size_t>((row + rows_ - frame_) % rows_) * columns_];
  }
  std::size_t at(std::uint32_t row, std::uint32_t column) const {
    return static_cast<std::size_t>(row) * columns_ + column;
  }

  PeRow<Operand> pe_row_;
  std::uint32_t rows_;
  std::uint32_t columns_;
  Deskew deskew_;
  std::uint32_t depth_;  ///< cycles from feed to whole row: rows + columns - 1
  std::vector<WeightOf<Operand>> active_;
  std::vector<std::int8_t> active_mask_;
  std::vector<WeightOf<Operand>> shadow_;
  std::vector<std::int8_t> shadow_mask_;
  // The masks are touched only where one of these counts, or the row at hand, asks for it.
  std::size_t masked_active_;  ///< active weights that do not count
  std::size_t masked_shadow_;  ///< the same of the shadow weights
  OperandHistory<Operand> history_;
  std::vector<std::int32_t> sums_;  ///< row r of the array at place (r - frame_) mod rows
  std::uint32_t frame_ = 0;
  Waves swaps_;
  std::vector<std::int32_t> passing_;   ///< all ones on the diagonals that a row passes
  std::uint32_t quiet_;                 ///< cycles since the last feed
  std::vector<WeightRow> weight_rows_;  ///< ring: the last `columns_` cycles of the weight port
  std::uint32_t weight_now_ = 0;
  std::uint32_t weight_quiet_;
  std::vector<StuckBit> faults_;
  // Kept up to date once watch() was called, the sums also after watch_sums().
  std::vector<Operand> activations_view_;
  std::vector<std::int8_t> activation_mask_view_;
  std::vector<std::int32_t> sums_view_;
};

}  // namespace systol
