#include "sim/unit/array_weight_stationary.h"

#include <algorithm>
#include <cstring>

#include "sim/unit/pe_row.h"

namespace systol {
namespace {

std::uint16_t register_of(std::int8_t operand) { return static_cast<std::uint8_t>(operand); }
std::uint16_t register_of(Bf16 operand) { return operand.bits; }
std::uint32_t register_of(ActivationGroup operand) { return operand.bytes; }
/// The RTL has no more bits than these.
std::uint16_t register_of(SparseWeight operand) {
  constexpr std::uint16_t kBits = (1U << isa::stored_weight_bits(isa::PeType::Sparse24)) - 1;
  return operand.bits & kBits;
}

}  // namespace

template <class Operand>
ArrayWeightStationary<Operand>::ArrayWeightStationary(std::uint32_t rows, std::uint32_t columns,
                                                      const PeRow<Operand>& pe_row)
    : pe_row_(pe_row),
      rows_(rows),
      columns_(columns),
      deskew_(rows, columns),
      depth_(deskew_.depth()),
      active_(at(rows, 0)),
      active_mask_(at(rows, 0)),
      shadow_(at(rows, 0)),
      shadow_mask_(at(rows, 0)),
      masked_active_(at(rows, 0)),
      masked_shadow_(at(rows, 0)),
      history_(rows, depth_),
      sums_(at(rows, 0)),
      swaps_(rows, columns),
      passing_(depth_),
      quiet_(depth_),
      weight_rows_(columns),
      weight_quiet_(columns) {
  for (WeightRow& row : weight_rows_) {
    row.values.resize(columns);
    row.mask.resize(columns);
  }
}

template <class Operand>
std::optional<ArrayModel::Row> ArrayWeightStationary<Operand>::step(const UnitInputs& inputs) {
  std::optional<Row> complete;
  // An array through which nothing valid passes holds its state.
  quiet_ = inputs.feed_valid ? 0 : quiet_ + 1;
  if (quiet_ < depth_) {
    enter_feed(inputs);
    add();
    if (!activations_view_.empty()) {
      update_view();
    }
    if (!sums_view_.empty()) {
      update_sums_view();
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

template <class Operand>
void ArrayWeightStationary<Operand>::enter_feed(const UnitInputs& inputs) {
  deskew_.announce(inputs.feed_valid, inputs.feed_add, inputs.feed_address);
  history_.enter(inputs.feed_valid ? inputs.feed_data : nullptr,
                 inputs.feed_valid ? inputs.feed_mask : nullptr);
  swaps_.step(inputs.feed_valid && inputs.feed_swap);
  swaps_.for_each_pe(
      [this](std::uint32_t row, std::uint32_t column) { take_shadow(at(row, column)); });
}

template <class Operand>
void ArrayWeightStationary<Operand>::take_shadow(std::size_t pe) {
  active_[pe] = shadow_[pe];
  if (masked_active_ + masked_shadow_ != 0) {
    masked_active_ += active_mask_[pe] != 0 ? 1 : 0;
    active_mask_[pe] = shadow_mask_[pe];
    masked_active_ -= active_mask_[pe] != 0 ? 1 : 0;
  }
}

template <class Operand>
void ArrayWeightStationary<Operand>::set_shadow_mask(std::size_t pe, std::int8_t mask) {
  masked_shadow_ += shadow_mask_[pe] != 0 ? 1 : 0;
  shadow_mask_[pe] = mask;
  masked_shadow_ -= mask != 0 ? 1 : 0;
}

template <class Operand>
void ArrayWeightStationary<Operand>::add() {
  frame_ = (frame_ + 1) % rows_;
  std::fill_n(sums_of_row(0), columns_, 0);
  const bool masked = history_.masked() || masked_active_ != 0;
  for (std::uint32_t row = 0; row < rows_; ++row) {
    const std::size_t first = at(row, 0);
    if (masked) {
      pe_row_.add_masked(sums_of_row(row), history_.at(row, row), history_.mask_at(row, row),
                         &active_[first], &active_mask_[first], columns_);
    } else {
      pe_row_.add(sums_of_row(row), history_.at(row, row), &active_[first], columns_);
    }
  }
  for (const StuckBit& fault : faults_) {
    std::int32_t& sum = sums_of_row(fault.row)[fault.column];
    sum = read_through(fault, sum);
  }
}

template <class Operand>
void ArrayWeightStationary<Operand>::enter_weights(const UnitInputs& inputs) {
  weight_now_ = (weight_now_ + 1) % columns_;
  WeightRow& entry = weight_rows_[weight_now_];
  entry.valid = inputs.weight_valid;
  if (inputs.weight_valid) {
    entry.row = inputs.weight_row;
    std::memcpy(entry.values.data(), inputs.weight_data, columns_ * sizeof(WeightOf<Operand>));
    entry.whole = true;
    for (std::uint32_t column = 0; inputs.weight_mask != nullptr && column < columns_; ++column) {
      entry.mask[column] = has_lane(inputs.weight_mask, column) ? 1 : 0;
      entry.whole &= entry.mask[column] != 0;
    }
  }
}

template <class Operand>
void ArrayWeightStationary<Operand>::move_weights() {
  std::uint32_t place = weight_now_;
  for (std::uint32_t column = 0; column < columns_; ++column) {
    const WeightRow& entry = weight_rows_[place];
    if (entry.valid) {
      shadow_[at(entry.row, column)] = entry.values[column];
      if (!entry.whole || masked_shadow_ != 0) {
        set_shadow_mask(at(entry.row, column), entry.whole ? std::int8_t{1} : entry.mask[column]);
      }
    }
    place = place == 0 ? columns_ - 1 : place - 1;
  }
}

/// The hardware's registers hold where no wave passes; the model's zeros are its own affair.
template <class Operand>
void ArrayWeightStationary<Operand>::update_view() {
  for (std::uint32_t row = 0; row < rows_; ++row) {
    for (std::uint32_t column = 0; column < columns_; ++column) {
      const std::size_t age = std::size_t{row} + column;
      if (deskew_.announced(row + column)) {
        activations_view_[at(row, column)] = *history_.at(row, age);
        activation_mask_view_[at(row, column)] = *history_.mask_at(row, age);
      }
    }
  }
}

template <class Operand>
void ArrayWeightStationary<Operand>::update_sums_view() {
  for (std::uint32_t diagonal = 0; diagonal < depth_; ++diagonal) {
    passing_[diagonal] = deskew_.announced(diagonal) ? -1 : 0;
  }
  for (std::uint32_t row = 0; row < rows_; ++row) {
    copy_masked(sums_of_row(row), &passing_[row], &sums_view_[at(row, 0)], columns_);
  }
}

template <class Operand>
void ArrayWeightStationary<Operand>::watch() {
  activations_view_.resize(active_.size());
  activation_mask_view_.resize(active_.size());
  sums_view_.resize(active_.size());
}

template <class Operand>
PeRegisters ArrayWeightStationary<Operand>::pe(std::uint32_t row, std::uint32_t column) const {
  const std::size_t i = at(row, column);
  PeRegisters registers;
  registers.weight = register_of(active_[i]);
  registers.weight_mask = active_mask_[i] != 0;
  registers.shadow_weight = register_of(shadow_[i]);
  registers.shadow_mask = shadow_mask_[i] != 0;
  if (!activations_view_.empty()) {
    registers.activation = register_of(activations_view_[i]);
    registers.activation_mask = activation_mask_view_[i] != 0;
    registers.partial_sum = sums_view_[i];
  }
  for (const StuckBit& fault : faults_) {  // though no wave may have passed them yet
    if (fault.row == row && fault.column == column) {
      registers.partial_sum = read_through(fault, registers.partial_sum);
    }
  }
  return registers;
}

template <class Operand>
void ArrayWeightStationary<Operand>::restore(const UnitContents& contents) {
  const auto copy = [](const std::uint8_t* from, auto& to) {
    if (from != nullptr) {
      std::memcpy(to.data(), from, to.size() * sizeof to.front());
    }
  };
  copy(contents.weights, active_);
  copy(contents.weight_mask, active_mask_);
  copy(contents.shadow_weights, shadow_);
  copy(contents.shadow_mask, shadow_mask_);
  const auto masked = [](const std::vector<std::int8_t>& mask) {
    return static_cast<std::size_t>(std::count(mask.begin(), mask.end(), 0));
  };
  masked_active_ = masked(active_mask_);
  masked_shadow_ = masked(shadow_mask_);
}

template class ArrayWeightStationary<std::int8_t>;
template class ArrayWeightStationary<Bf16>;
template class ArrayWeightStationary<ActivationGroup>;

}  // namespace systol
