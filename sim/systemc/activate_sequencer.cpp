#include "sim/systemc/activate_sequencer.h"

#include <algorithm>

namespace systol {
namespace {

/// What both forms of `activate` tell the unit about a row.
ActivatePins pins_of(const isa::Requantisation& requantisation, std::uint32_t accumulator) {
  ActivatePins pins;
  pins.valid = true;
  pins.table = requantisation.table;
  pins.address = accumulator;
  pins.zero_point = requantisation.zero_point;
  pins.minimum = requantisation.minimum;
  pins.maximum = requantisation.maximum;
  return pins;
}

/// Without biases the row brings one of its own, which is 0.
ActivatePins pins_of(const isa::ActivateFloat& activate, std::uint32_t accumulator) {
  ActivatePins pins;
  pins.valid = true;
  pins.address = accumulator;
  pins.own = !activate.bias;
  pins.relu = activate.relu;
  pins.wide = activate.wide;
  return pins;
}

ResidualPins pins_of(const isa::ActivateAdd& activate, Lanes residual) {
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
  const auto* values = reinterpret_cast<const std::int8_t*>(result.data);
  if (const auto* activate = running<isa::Activate>()) {
    write_row(activate->buffer.at(rows_done_), rows_done_, {values, activate->columns});
    activity()[Action::Requantised] += activate->columns;
    ++rows_done_;
  } else if (const auto* add = running<isa::ActivateAdd>()) {
    write_row(add->buffer.at(rows_done_), rows_done_, {values, add->columns});
    activity()[Action::Requantised] += 2 * std::uint64_t{add->columns};
    ++rows_done_;
  } else if (const auto* activate_float = running<isa::ActivateFloat>()) {
    write_floats(*activate_float, result.data);
    ++rows_done_;
  } else if (const auto* transposed = running<isa::ActivateTransposed>()) {
    write_column(*transposed, {values, transposed->columns()});
    activity()[Action::Requantised] += transposed->columns();
    ++rows_done_;
  }
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
  if (const auto* activate = running<isa::Activate>()) {
    return rows_done_ == activate->rows();
  }
  if (const auto* activate = running<isa::ActivateAdd>()) {
    return rows_done_ == activate->rows();
  }
  if (const auto* activate = running<isa::ActivateFloat>()) {
    return rows_done_ == activate->rows();
  }
  return rows_done_ == running<isa::ActivateTransposed>()->rows;
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
  activity()[Action::BufferWriteBytes] += values.size();
  if (machine_.observer != nullptr) {
    machine_.observer->wrote_row(running_->index, running_->command, row, values);
  }
}

/// The unit's lanes have room for fp32; a bf16 is in their lower half.
void ActivateSequencer::write_floats(const isa::ActivateFloat& activate, Lanes lanes) {
  std::vector<std::int8_t> values(activate.row_bytes());
  for (std::size_t i = 0; i < activate.columns; ++i) {
    std::copy_n(lanes + i * sizeof(float), activate.value_bytes(),
                values.begin() + static_cast<std::ptrdiff_t>(i * activate.value_bytes()));
  }
  write_row(activate.buffer.at(rows_done_), rows_done_, values);
}

/// An accumulator row is a channel, and becomes a column of the buffer's rows.
void ActivateSequencer::write_column(const isa::ActivateTransposed& activate,
                                     std::span<const std::int8_t> values) {
  std::size_t sample = 0;
  activate.buffer.for_each([&](std::uint64_t address) {
    machine_.buffer[address + rows_done_] = static_cast<std::uint8_t>(values[sample++]);
  });
  activity()[Action::BufferWriteBytes] += values.size();
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
  return pins_of(*add, staged(add->residual.at(presented_), add->columns));
}

ActivatePins ActivateSequencer::activate() {
  ActivatePins pins;
  const auto* add = running<isa::ActivateAdd>();
  const auto* activate = running<isa::Activate>();
  const auto* activate_float = running<isa::ActivateFloat>();
  const auto* transposed = running<isa::ActivateTransposed>();
  if (activate_float != nullptr && presented_ < activate_float->rows()) {
    pins = pins_of(*activate_float, activate_float->accumulator + presented_);
  } else if (add != nullptr && presented_ < add->rows()) {
    pins = pins_of(add->addition.sums(), add->accumulator + presented_);
    pins.table = add->requantisation.table;
  } else if (activate != nullptr && presented_ < activate->rows()) {
    pins = pins_of(activate->requantisation, activate->accumulator + presented_);
  } else if (transposed != nullptr && presented_ < transposed->rows) {
    pins = pins_of(transposed->requantisation, transposed->accumulator + presented_);
    present_own(*transposed, pins);
    activity()[Action::BufferReadBytes] += isa::kChannelPlanes;
  }
  presented_ += pins.valid ? 1 : 0;
  return pins;
}

void ActivateSequencer::present_own(const isa::ActivateTransposed& activate,
                                    ActivatePins& pins) const {
  const isa::Channel channel =
      isa::read_channel(&machine_.buffer[activate.channels], activate.rows, presented_);
  pins.own = true;
  pins.bias = channel.bias;
  pins.multiplier = channel.multiplier;
  pins.shift = channel.shift;
}

PinDriver ActivateSequencer::driver() const {
  const auto* activate = running<isa::Activate>();
  const auto* activate_float = running<isa::ActivateFloat>();
  const auto* transposed = running<isa::ActivateTransposed>();
  if (const auto* add = running<isa::ActivateAdd>()) {
    return {running_->command.origin.node, add->columns};
  }
  if (activate == nullptr && activate_float == nullptr && transposed == nullptr) {
    return {};
  }
  return {running_->command.origin.node, activate != nullptr         ? activate->columns
                                         : activate_float != nullptr ? activate_float->columns
                                                                     : transposed->columns()};
}

Lanes ActivateSequencer::staged(std::uint64_t address, std::uint64_t length) {
  activity()[Action::BufferReadBytes] += length;
  std::swap(staging_[0], staging_[1]);
  std::copy_n(&machine_.buffer[address], length, staging_[0].begin());
  std::fill(staging_[0].begin() + static_cast<std::ptrdiff_t>(length), staging_[0].end(),
            std::uint8_t{0});
  return staging_[0].data();
}

}  // namespace systol
