#include "sim/systemc/activate_sequencer.h"

#include <algorithm>

namespace systol {
namespace {

std::uint32_t rows_of(const isa::ActivateTransposed& activate) { return activate.rows; }
template <class Activation>
std::uint32_t rows_of(const Activation& activate) {
  return activate.rows();
}

std::uint32_t lanes_of(const isa::ActivateTransposed& activate) { return activate.columns(); }
template <class Activation>
std::uint32_t lanes_of(const Activation& activate) {
  return activate.columns;
}

/// What all but floats tell the unit about a row.
ActivatePins requantising(const isa::Requantisation& requantisation) {
  ActivatePins pins;
  pins.table = requantisation.table;
  pins.zero_point = requantisation.zero_point;
  pins.minimum = requantisation.minimum;
  pins.maximum = requantisation.maximum;
  return pins;
}

ResidualPins residual_of(const isa::ActivateAdd& activate, Lanes residual) {
  const isa::Addition& addition = activate.addition;
  return {true,
          residual,
          addition.residual_zero_point,
          addition.residual_multiplier,
          addition.multiplier,
          addition.shift,
          activate.requantisation.zero_point,
          activate.requantisation.minimum,
          activate.requantisation.maximum};
}

std::span<const std::int8_t> int8_lanes(Lanes lanes, std::size_t count) {
  return {reinterpret_cast<const std::int8_t*>(lanes), count};
}

}  // namespace

ActivateSequencer::ActivateSequencer(Machine& machine) : CommandUnit(isa::Unit::Activate, machine) {
  for (std::vector<std::uint8_t>& copy : staging_) {
    copy.resize(machine.config.columns);
  }
}

void ActivateSequencer::capture(const ResultPins& result) {
  if (!result.valid) {
    return;
  }
  rows_done_ += with_activation([&](const auto& activate) { write_result(activate, result.data); });
}

void ActivateSequencer::complete(Cycles now) {
  if (running_ && (restored_ ? now >= running_->end : done())) {
    running_->end = now;
    finish(*running_);
    running_.reset();
    restored_ = false;
  }
}

bool ActivateSequencer::done() const {
  if (running<isa::SetChannels>() != nullptr) {
    return presented_ == isa::kChannelPlanes;
  }
  if (running<isa::SetTable>() != nullptr) {
    return std::uint64_t{presented_} * machine_.config.columns >= isa::kTableEntries;
  }
  bool all = false;
  with_activation([&](const auto& activate) { all = rows_done_ == rows_of(activate); });
  return all;
}

void ActivateSequencer::restore_running(std::deque<Issued> running, const Snapshot& /*snapshot*/) {
  if (!running.empty()) {
    running_ = std::move(running.front());
    restored_ = true;
  }
}

void ActivateSequencer::start(Cycles now) {
  if (running_ || !head_has_tokens()) {
    return;
  }
  running_ = begin(now);
  presented_ = 0;
  rows_done_ = 0;
}

void ActivateSequencer::write_row(std::uint64_t address, std::uint32_t row,
                                  std::span<const std::int8_t> values) {
  std::ranges::copy(values, machine_.buffer.begin() + static_cast<std::ptrdiff_t>(address));
  machine_.count_write(*running_, address, values.size());
  show_row(row, values);
}

void ActivateSequencer::show_row(std::uint32_t row, std::span<const std::int8_t> values) {
  if (machine_.observer != nullptr) {
    machine_.observer->wrote_row(running_->index, running_->command, row, values);
  }
}

void ActivateSequencer::write_result(const isa::Activate& activate, Lanes lanes) {
  write_row(activate.buffer.at(rows_done_), rows_done_, int8_lanes(lanes, activate.columns));
  activity()[Action::Requantised] += activate.columns;
}

/// The highest bit of each lane, gathered at the buffer's port.
void ActivateSequencer::write_result(const isa::ActivateSigns& activate, Lanes lanes) {
  const std::span<const std::int8_t> values = int8_lanes(lanes, activate.columns);
  const std::uint64_t address = activate.buffer.at(rows_done_);
  isa::pack_signs(values.data(), activate.columns, &machine_.buffer[address]);
  activity()[Action::Requantised] += activate.columns;
  machine_.count_write(*running_, address, activate.row_bytes());
  show_row(rows_done_, values);
}

void ActivateSequencer::write_result(const isa::ActivateAdd& activate, Lanes lanes) {
  write_row(activate.buffer.at(rows_done_), rows_done_, int8_lanes(lanes, activate.columns));
  activity()[Action::Requantised] += 2 * std::uint64_t{activate.columns};
}

/// The unit's lanes have room for fp32; a bf16 is in their lower half.
void ActivateSequencer::write_result(const isa::ActivateFloat& activate, Lanes lanes) {
  std::vector<std::int8_t> values(activate.row_bytes());
  for (std::size_t i = 0; i < activate.columns; ++i) {
    std::copy_n(lanes + i * sizeof(float), activate.value_bytes(),
                values.begin() + static_cast<std::ptrdiff_t>(i * activate.value_bytes()));
  }
  write_row(activate.buffer.at(rows_done_), rows_done_, values);
}

/// An accumulator row is a channel, and becomes a column of the buffer's rows.
void ActivateSequencer::write_result(const isa::ActivateTransposed& activate, Lanes lanes) {
  const std::span<const std::int8_t> values = int8_lanes(lanes, activate.columns());
  std::size_t sample = 0;
  activate.buffer.for_each([&](std::uint64_t address) {
    machine_.buffer[address + rows_done_] = static_cast<std::uint8_t>(values[sample++]);
    machine_.count_write(*running_, address + rows_done_, 1);
  });
  activity()[Action::Requantised] += values.size();
  if (machine_.observer != nullptr) {
    machine_.observer->wrote_row(running_->index, running_->command, rows_done_, values);
  }
}

ChannelPins ActivateSequencer::channels() {
  const auto* channels = running<isa::SetChannels>();
  if (channels == nullptr) {
    return {};
  }
  const std::uint32_t plane = presented_++;
  return {true, plane,
          staged(channels->buffer + std::uint64_t{plane} * channels->columns, channels->columns)};
}

TablePins ActivateSequencer::table() {
  const auto* table = running<isa::SetTable>();
  if (table == nullptr) {
    return {};
  }
  const std::uint32_t row = presented_++;
  const std::uint64_t first = std::uint64_t{row} * machine_.config.columns;
  const std::uint64_t left = isa::kTableEntries - first;
  return {true, row,
          staged(table->buffer + first, std::min<std::uint64_t>(left, machine_.config.columns))};
}

ResidualPins ActivateSequencer::residual() {
  const auto* add = running<isa::ActivateAdd>();
  if (add == nullptr || presented_ >= add->rows()) {
    return {};
  }
  return residual_of(*add, staged(add->residual.at(presented_), add->columns));
}

ActivatePins ActivateSequencer::activate() {
  ActivatePins pins;
  with_activation([&](const auto& activate) {
    if (presented_ < rows_of(activate)) {
      pins = pins_of(activate);
      pins.valid = true;
      pins.address = activate.accumulator + presented_++;
    }
  });
  return pins;
}

ActivatePins ActivateSequencer::pins_of(const isa::Activate& activate) const {
  return requantising(activate.requantisation);
}

ActivatePins ActivateSequencer::pins_of(const isa::ActivateSigns& activate) const {
  return requantising(activate.requantisation);
}

ActivatePins ActivateSequencer::pins_of(const isa::ActivateAdd& activate) const {
  ActivatePins pins = requantising(activate.addition.sums());
  pins.table = activate.requantisation.table;
  return pins;
}

/// Without biases the row brings one of its own, which is 0.
ActivatePins ActivateSequencer::pins_of(const isa::ActivateFloat& activate) const {
  ActivatePins pins;
  pins.own = !activate.bias;
  pins.relu = activate.relu;
  pins.wide = activate.wide;
  return pins;
}

/// The row is a channel, whose parameters it brings.
ActivatePins ActivateSequencer::pins_of(const isa::ActivateTransposed& activate) const {
  ActivatePins pins = requantising(activate.requantisation);
  const isa::Channel channel =
      isa::read_channel(&machine_.buffer[activate.channels], activate.rows, presented_);
  pins.own = true;
  pins.bias = channel.bias;
  pins.multiplier = channel.multiplier;
  pins.shift = channel.shift;
  for (std::uint64_t plane = 0; plane < isa::kChannelPlanes; ++plane) {
    machine_.count_read(*running_, activate.channels + plane * activate.rows + presented_, 1);
  }
  return pins;
}

PinDriver ActivateSequencer::driver() const {
  PinDriver driver;
  with_activation([&](const auto& activate) {
    driver = {running_->command.origin.node, lanes_of(activate)};
  });
  return driver;
}

Lanes ActivateSequencer::staged(std::uint64_t address, std::uint64_t length) {
  machine_.count_read(*running_, address, length);
  std::swap(staging_[0], staging_[1]);
  std::copy_n(&machine_.buffer[address], length, staging_[0].begin());
  std::fill(staging_[0].begin() + static_cast<std::ptrdiff_t>(length), staging_[0].end(),
            std::uint8_t{0});
  return staging_[0].data();
}

}  // namespace systol
