#include "sim/unit/array_model.h"

#include <algorithm>
#include <cstring>

#include "sim/base/vectorised.h"

namespace systol {
namespace {

/// A row of PEs for one cycle. The product of two int8 fits int16, where multiplying is cheap. Sums
/// wrap as in the RTL: with a top bit stuck at 1 they can pass the ends of int32.
SYSTOL_VECTORISED void multiply_add(std::int32_t* __restrict sums,
                                    const std::int8_t* __restrict activations,
                                    const std::int8_t* __restrict weights, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto product = static_cast<std::int16_t>(static_cast<std::int16_t>(activations[i]) *
                                                   static_cast<std::int16_t>(weights[i]));
    sums[i] = static_cast<std::int32_t>(static_cast<std::uint32_t>(sums[i]) +
                                        static_cast<std::uint32_t>(product));
  }
}

void set_bit(std::int32_t& sum, std::uint32_t bit) {
  sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(sum) | (1U << bit));
}

// The history is moved back to its end once in this many cycles.
constexpr std::size_t kHistorySlack = 4096;

}  // namespace

ArrayModel::ArrayModel(std::uint32_t rows, std::uint32_t columns)
    : rows_(rows),
      columns_(columns),
      depth_(rows + columns - 1),
      active_(at(rows, 0)),
      shadow_(at(rows, 0)),
      history_length_(depth_ + kHistorySlack),
      newest_(kHistorySlack),
      sums_(at(rows, 0)),
      feeds_(depth_),
      leaving_(static_cast<std::size_t>(depth_) * columns),
      quiet_(depth_),
      weight_rows_(columns),
      weight_quiet_(columns) {
  history_.resize(rows * history_length_);
  for (WeightRow& row : weight_rows_) {
    row.values.resize(columns);
  }
}

std::optional<ArrayModel::Row> ArrayModel::step(const UnitInputs& inputs) {
  std::optional<Row> complete;
  // An array through which nothing valid passes holds its state.
  quiet_ = inputs.feed_valid ? 0 : quiet_ + 1;
  if (quiet_ < depth_) {
    enter_feed(inputs);
    move_swaps();
    multiply();
    if (!sums_view_.empty()) {
      update_view();
    }
    complete = leave();
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

void ArrayModel::enter_feed(const UnitInputs& inputs) {
  now_ = now_ + 1 == depth_ ? 0 : now_ + 1;
  feeds_[now_] = {inputs.feed_valid, inputs.feed_valid && inputs.feed_swap, inputs.feed_add,
                  inputs.feed_address};
  if (newest_ == 0) {
    for (std::size_t row = 0; row < rows_; ++row) {
      std::int8_t* history = &history_[row * history_length_];
      std::memmove(history + kHistorySlack, history, depth_);
    }
    newest_ = kHistorySlack;
  }
  --newest_;
  for (std::size_t row = 0; row < rows_; ++row) {
    history_[row * history_length_ + newest_] =
        inputs.feed_valid ? inputs.feed_data[row] : std::int8_t{0};
  }
}

/// The swap reaches PE (r, c) r + c cycles after its feed: one anti-diagonal per cycle.
void ArrayModel::move_swaps() {
  if (!swap_ages_.empty() && swap_ages_.front() == depth_ - 1) {
    swap_ages_.pop_front();
  }
  for (std::uint32_t& age : swap_ages_) {
    ++age;
  }
  if (feeds_[now_].swap) {
    swap_ages_.push_back(0);
  }
  for (const std::uint32_t age : swap_ages_) {
    const std::uint32_t first = age < columns_ ? 0 : age - columns_ + 1;
    const std::uint32_t last = std::min(age, rows_ - 1);
    for (std::uint32_t row = first; row <= last; ++row) {
      active_[at(row, age - row)] = shadow_[at(row, age - row)];
    }
  }
}

void ArrayModel::multiply() {
  frame_ = (frame_ + 1) % rows_;
  std::fill_n(sums_of_row(0), columns_, 0);
  for (std::uint32_t row = 0; row < rows_; ++row) {
    multiply_add(sums_of_row(row), &history_[row * history_length_ + newest_ + row],
                 &active_[at(row, 0)], columns_);
  }
  apply_faults();
}

void ArrayModel::apply_faults() {
  for (const StuckBit& fault : faults_) {
    set_bit(sums_of_row(fault.row)[fault.column], fault.bit);
  }
}

/// Column c's bottom sum belongs to the feed of rows - 1 + c cycles ago.
std::optional<ArrayModel::Row> ArrayModel::leave() {
  const std::int32_t* bottom = sums_of_row(rows_ - 1);
  std::uint32_t place = (now_ + depth_ - (rows_ - 1)) % depth_;
  for (std::uint32_t column = 0; column < columns_; ++column) {
    leaving_[static_cast<std::size_t>(place) * columns_ + column] = bottom[column];
    place = place == 0 ? depth_ - 1 : place - 1;
  }
  const std::uint32_t oldest = (now_ + 1) % depth_;
  const Feed& feed = feeds_[oldest];
  if (!feed.valid) {
    return std::nullopt;
  }
  return Row{&leaving_[static_cast<std::size_t>(oldest) * columns_], feed.address, feed.add};
}

void ArrayModel::enter_weights(const UnitInputs& inputs) {
  weight_now_ = (weight_now_ + 1) % columns_;
  WeightRow& entry = weight_rows_[weight_now_];
  entry.valid = inputs.weight_valid;
  if (inputs.weight_valid) {
    entry.row = inputs.weight_row;
    std::copy_n(inputs.weight_data, columns_, entry.values.begin());
  }
}

void ArrayModel::move_weights() {
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
void ArrayModel::update_view() {
  for (std::uint32_t row = 0; row < rows_; ++row) {
    for (std::uint32_t column = 0; column < columns_; ++column) {
      if (feeds_[(now_ + depth_ - row - column) % depth_].valid) {
        activations_view_[at(row, column)] =
            history_[row * history_length_ + newest_ + row + column];
        sums_view_[at(row, column)] = sums_of_row(row)[column];
      }
    }
  }
}

UnitState ArrayModel::state() {
  if (sums_view_.empty()) {
    activations_view_.resize(active_.size());
    sums_view_.resize(active_.size());
    update_view();
  }
  for (const StuckBit& fault : faults_) {  // though no wave may have passed them yet
    set_bit(sums_view_[at(fault.row, fault.column)], fault.bit);
  }
  return {active_.data(), shadow_.data(), activations_view_.data(), sums_view_.data(), nullptr};
}

}  // namespace systol
