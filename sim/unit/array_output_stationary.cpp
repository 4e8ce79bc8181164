#include "sim/unit/array_output_stationary.h"

#include <algorithm>

#include "sim/unit/pe_row.h"

namespace systol {

ArrayOutputStationary::ArrayOutputStationary(std::uint32_t rows, std::uint32_t columns,
                                             isa::PeType pe)
    : pe_row_(pe_row(pe)),
      rows_(rows),
      columns_(columns),
      deskew_(rows, columns),
      activations_(rows, deskew_.depth()),
      weights_(columns, deskew_.depth()),
      skewed_weights_(at(rows, 0)),
      skewed_mask_(at(rows, 0)),
      sums_(at(rows, 0)),
      drained_(at(rows, 0)),
      steps_(rows, columns),
      begins_(rows, columns),
      drains_(rows, columns),
      quiet_(longest_drain()) {
  if (isa::is_signs(pe)) {
    no_lanes_.resize(lane_bytes(rows, 1));
    for (std::uint32_t age = 0; age < deskew_.depth(); ++age) {
      activations_.enter(nullptr, no_lanes_.data());
    }
  }
}

std::optional<ArrayModel::Row> ArrayOutputStationary::step(const UnitInputs& inputs) {
  // Nothing moves longer than from a product's last step until its first row has left.
  quiet_ = inputs.feed_valid || inputs.drain_valid ? 0 : quiet_ + 1;
  if (quiet_ >= longest_drain()) {
    quiet_ = longest_drain();
    return std::nullopt;
  }
  enter(inputs);
  add();
  move_drained();
  copy_sums();
  if (!view_.empty()) {
    update_view();
  }
  return deskew_.collect(&drained_[at(rows_ - 1, 0)]);
}

void ArrayOutputStationary::enter(const UnitInputs& inputs) {
  deskew_.announce(inputs.drain_valid, false, inputs.drain_address);
  const bool step = inputs.feed_valid;
  const Lanes none = no_lanes_.empty() ? nullptr : no_lanes_.data();
  activations_.enter(step ? inputs.feed_data : nullptr, step ? inputs.feed_mask : none);
  weights_.enter(step ? inputs.weight_data : nullptr, step ? inputs.weight_mask : nullptr);
  now_ = (now_ + 1) % rows_;
  for (std::uint32_t column = 0; column < columns_; ++column) {
    skewed_weights_[at(now_, column)] = *weights_.at(column, column);
    skewed_mask_[at(now_, column)] = *weights_.mask_at(column, column);
  }
  const bool last = inputs.feed_valid && inputs.feed_drain;
  steps_.step(inputs.feed_valid);
  begins_.step(inputs.feed_valid && inputs.feed_begin);
  drains_.step(last);
  for (std::uint32_t& age : drain_ages_) {
    ++age;
  }
  if (!drain_ages_.empty() && drain_ages_.front() == longest_drain()) {
    drain_ages_.pop_front();
  }
  if (last) {
    drain_ages_.push_back(0);
  }
}

void ArrayOutputStationary::add() {
  begins_.for_each_pe(
      [this](std::uint32_t row, std::uint32_t column) { sums_[at(row, column)] = 0; });
  const bool masked = activations_.masked() || weights_.masked();
  for (std::uint32_t row = 0; row < rows_; ++row) {
    const std::size_t skewed = skewed_row(row);
    if (masked) {
      pe_row_.add_masked(&sums_[at(row, 0)], activations_.at(row, row),
                         activations_.mask_at(row, row), &skewed_weights_[skewed],
                         &skewed_mask_[skewed], columns_);
    } else {
      pe_row_.add(&sums_[at(row, 0)], activations_.at(row, row), &skewed_weights_[skewed],
                  columns_);
    }
  }
}

/// PE (r, c) moves in the r cycles after its column's last PE got its copy, R + c cycles after the
/// last step: in a row, r columns in a stretch. Products drain at least R cycles apart, so that the
/// stretches of two do not meet.
void ArrayOutputStationary::move_drained() {
  for (std::uint32_t row = rows_ - 1; row > 0; --row) {
    for (const std::uint32_t age : drain_ages_) {
      if (age < rows_) {
        continue;
      }
      const std::uint32_t gone = age - rows_;  // the last column that has begun to move
      const std::uint32_t first = gone < row ? 0 : gone - row + 1;
      const std::uint32_t end = std::min(gone + 1, columns_);
      if (first < end) {
        std::copy_n(&drained_[at(row - 1, first)], end - first, &drained_[at(row, first)]);
      }
    }
  }
}

void ArrayOutputStationary::copy_sums() {
  // The copy is of the adder's output: a stuck bit of the register shows from the next step on.
  drains_.for_each_pe([this](std::uint32_t row, std::uint32_t column) {
    drained_[at(row, column)] = sums_[at(row, column)];
  });
  for (const StuckBit& fault : faults_) {
    std::int32_t& sum = sums_[at(fault.row, fault.column)];
    sum = read_through(fault, sum);
  }
}

void ArrayOutputStationary::inject(const StuckBit& fault) {
  faults_.push_back(fault);
  std::int32_t& sum = sums_[at(fault.row, fault.column)];
  sum = read_through(fault, sum);
}

/// The hardware's registers hold where no step passes; the model's zeros are its own affair.
void ArrayOutputStationary::update_view() {
  steps_.for_each_pe([this](std::uint32_t row, std::uint32_t column) {
    const std::size_t age = std::size_t{row} + column;
    const std::size_t skewed = skewed_row(row) + column;
    PeRegisters& registers = view_[at(row, column)];
    registers.activation = static_cast<std::uint8_t>(*activations_.at(row, age));
    registers.activation_mask = *activations_.mask_at(row, age) != 0;
    registers.weight = static_cast<std::uint8_t>(skewed_weights_[skewed]);
    registers.weight_mask = skewed_mask_[skewed] != 0;
  });
}

void ArrayOutputStationary::watch() { view_.resize(sums_.size()); }

PeRegisters ArrayOutputStationary::pe(std::uint32_t row, std::uint32_t column) const {
  const std::size_t i = at(row, column);
  PeRegisters registers = view_.empty() ? PeRegisters{} : view_[i];
  registers.partial_sum = sums_[i];
  registers.drained_sum = drained_[i];
  return registers;
}

void ArrayOutputStationary::restore(const UnitContents& contents) {
  if (contents.partial_sums != nullptr) {
    std::copy_n(contents.partial_sums, sums_.size(), sums_.begin());
  }
}

}  // namespace systol
