#include "sim/unit/array_weight_stationary.h"

#include <algorithm>

#include "sim/unit/multiply_add.h"

namespace systol {

ArrayWeightStationary::ArrayWeightStationary(std::uint32_t rows, std::uint32_t columns)
    : rows_(rows),
      columns_(columns),
      deskew_(rows, columns),
      depth_(deskew_.depth()),
      active_(at(rows, 0)),
      shadow_(at(rows, 0)),
      history_(rows, depth_),
      sums_(at(rows, 0)),
      swaps_(rows, columns),
      quiet_(depth_),
      weight_rows_(columns),
      weight_quiet_(columns) {
  for (WeightRow& row : weight_rows_) {
    row.values.resize(columns);
  }
}

std::optional<ArrayModel::Row> ArrayWeightStationary::step(const UnitInputs& inputs) {
  std::optional<Row> complete;
  // An array through which nothing valid passes holds its state.
  quiet_ = inputs.feed_valid ? 0 : quiet_ + 1;
  if (quiet_ < depth_) {
    enter_feed(inputs);
    multiply();
    if (!sums_view_.empty()) {
      update_view();
    }
    complete = deskew_.collect(sums_of_row(rows_ - 1));
  } else {
    quiet_ = depth_;
  }
  weight_quiet_ = inputs.weight_valid ? 0 : weight_quiet_ + 1;
  if (weight_quiet_ < columns_) {
    enter_weights(inputs);
    move_weights();
  } else {
    weight_quiet_ = columns_;
  }
  return complete;
}

void ArrayWeightStationary::enter_feed(const UnitInputs& inputs) {
  deskew_.announce(inputs.feed_valid, inputs.feed_add, inputs.feed_address);
  history_.enter(inputs.feed_valid ? inputs.feed_data : nullptr);
  swaps_.step(inputs.feed_valid && inputs.feed_swap);
  swaps_.for_each_pe([this](std::uint32_t row, std::uint32_t column) {
    active_[at(row, column)] = shadow_[at(row, column)];
  });
}

void ArrayWeightStationary::multiply() {
  frame_ = (frame_ + 1) % rows_;
  std::fill_n(sums_of_row(0), columns_, 0);
  for (std::uint32_t row = 0; row < rows_; ++row) {
    multiply_add(sums_of_row(row), history_.at(row, row), &active_[at(row, 0)], columns_);
  }
  for (const StuckBit& fault : faults_) {
    std::int32_t& sum = sums_of_row(fault.row)[fault.column];
    sum = read_through(fault, sum);
  }
}

void ArrayWeightStationary::enter_weights(const UnitInputs& inputs) {
  weight_now_ = (weight_now_ + 1) % columns_;
  WeightRow& entry = weight_rows_[weight_now_];
  entry.valid = inputs.weight_valid;
  if (inputs.weight_valid) {
    entry.row = inputs.weight_row;
    std::copy_n(inputs.weight_data, columns_, entry.values.begin());
  }
}

void ArrayWeightStationary::move_weights() {
  std::uint32_t place = weight_now_;
  for (std::uint32_t column = 0; column < columns_; ++column) {
    const WeightRow& entry = weight_rows_[place];
    if (entry.valid) {
      shadow_[at(entry.row, column)] = entry.values[column];
    }
    place = place == 0 ? columns_ - 1 : place - 1;
  }
}

/// The hardware's registers hold where no wave passes; the model's zeros are its own affair.
void ArrayWeightStationary::update_view() {
  for (std::uint32_t row = 0; row < rows_; ++row) {
    for (std::uint32_t column = 0; column < columns_; ++column) {
      if (deskew_.announced(row + column)) {
        activations_view_[at(row, column)] = *history_.at(row, std::size_t{row} + column);
        sums_view_[at(row, column)] = sums_of_row(row)[column];
      }
    }
  }
}

UnitState ArrayWeightStationary::state() {
  if (sums_view_.empty()) {
    activations_view_.resize(active_.size());
    sums_view_.resize(active_.size());
    update_view();
  }
  for (const StuckBit& fault : faults_) {  // though no wave may have passed them yet
    std::int32_t& sum = sums_view_[at(fault.row, fault.column)];
    sum = read_through(fault, sum);
  }
  UnitState state;
  state.weights = active_.data();
  state.shadow_weights = shadow_.data();
  state.activations = activations_view_.data();
  state.partial_sums = sums_view_.data();
  return state;
}

}  // namespace systol
