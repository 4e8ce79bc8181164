#include "sim/systemc/activate_sequencer.h"

#include <algorithm>

#include "sim/timing.h"
#include "sim/unit/softmax.h"

namespace systol {
namespace {

/// What both forms of `activate` tell the unit about a row; not valid after the last.
template <class Activation>
ActivatePins pins_of(const Activation& activate, std::uint32_t row) {
  ActivatePins pins;
  if (row < activate.rows) {
    pins.valid = true;
    pins.table = activate.table;
    pins.address = activate.accumulator + row;
    pins.zero_point = activate.zero_point;
    pins.minimum = activate.minimum;
    pins.maximum = activate.maximum;
  }
  return pins;
}

}  // namespace

ActivateSequencer::ActivateSequencer(Machine& machine) : CommandUnit(isa::Unit::Activate, machine) {
  for (std::vector<std::int8_t>& copy : staging_) {
    copy.resize(machine.config.columns);
  }
}

void ActivateSequencer::capture(const ResultPins& result) {
  if (!result.valid) {
    return;
  }
  if (const auto* activate = running<isa::Activate>()) {
    write_row(activate->buffer + rows_done_ * activate->buffer_stride, rows_done_,
              {result.data, activate->columns});
    ++rows_done_;
  } else if (const auto* transposed = running<isa::ActivateTransposed>()) {
    write_column(*transposed, {result.data, transposed->columns});
    ++rows_done_;
  }
}

void ActivateSequencer::complete(Cycles now) {
  finish_softmax_rows(now);
  if (running_ && now >= running_->end) {
    finish(*running_);
    running_.reset();
    restored_ = false;
  }
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
  running_->end =
      now + timing::activate_unit_time(running_->command.operation, machine_.config.columns);
  rows_done_ = 0;
}

void ActivateSequencer::finish_softmax_rows(Cycles now) {
  const auto* operation = running<isa::Softmax>();
  if (operation == nullptr) {
    return;
  }
  const Cycles row_time = timing::softmax_row_time(operation->columns, machine_.config.columns);
  while (rows_done_ < operation->rows &&
         now >= running_->start + row_time * std::uint64_t{rows_done_ + 1}) {
    softmax(*operation, rows_done_);
    ++rows_done_;
  }
}

void ActivateSequencer::softmax(const isa::Softmax& operation, std::uint32_t row) {
  const std::vector<std::uint8_t>& buffer = machine_.buffer;
  std::array<std::uint16_t, isa::kTableEntries> exponentials;
  for (std::size_t i = 0; i < exponentials.size(); ++i) {
    const std::size_t entry = operation.table + 2 * i;
    exponentials[i] = static_cast<std::uint16_t>(buffer[entry] | (buffer[entry + 1] << 8));
  }
  const std::uint8_t* source = &buffer[operation.source + row * operation.source_stride];
  const std::vector<std::int8_t> logits(source, source + operation.columns);
  std::vector<std::int8_t> probabilities(logits.size());
  softmax_row(logits, exponentials, probabilities);
  write_row(operation.destination + row * operation.destination_stride, row, probabilities);
}

void ActivateSequencer::write_row(std::uint64_t address, std::uint32_t row,
                                  std::span<const std::int8_t> values) {
  std::ranges::copy(values, machine_.buffer.begin() + static_cast<std::ptrdiff_t>(address));
  if (machine_.observer != nullptr) {
    machine_.observer->wrote_row(running_->index, running_->command, row, values);
  }
}

/// An accumulator row is a channel, and becomes a column of the buffer's rows.
void ActivateSequencer::write_column(const isa::ActivateTransposed& activate,
                                     std::span<const std::int8_t> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    machine_.buffer[activate.buffer + i * activate.buffer_stride + rows_done_] =
        static_cast<std::uint8_t>(values[i]);
  }
  if (machine_.observer != nullptr) {
    machine_.observer->wrote_row(running_->index, running_->command, rows_done_, values);
  }
}

ChannelPins ActivateSequencer::channels(Cycles now) {
  const auto* channels = running<isa::SetChannels>();
  if (channels == nullptr) {
    return {};
  }
  const auto plane = static_cast<std::uint32_t>((now - running_->start).count());
  return {true, plane,
          staged(channels->buffer + std::uint64_t{plane} * channels->columns, channels->columns)};
}

TablePins ActivateSequencer::table(Cycles now) {
  const auto* table = running<isa::SetTable>();
  if (table == nullptr) {
    return {};
  }
  const auto row = static_cast<std::uint32_t>((now - running_->start).count());
  const std::uint64_t first = std::uint64_t{row} * machine_.config.columns;
  const std::uint64_t left = isa::kTableEntries - first;
  return {true, row,
          staged(table->buffer + first, std::min<std::uint64_t>(left, machine_.config.columns))};
}

ActivatePins ActivateSequencer::activate(Cycles now) const {
  if (const auto* activate = running<isa::Activate>()) {
    return pins_of(*activate, row_of(now));
  }
  const auto* transposed = running<isa::ActivateTransposed>();
  ActivatePins pins;
  if (transposed == nullptr) {
    return pins;
  }
  const std::uint32_t row = row_of(now);
  pins = pins_of(*transposed, row);
  if (pins.valid) {
    const auto byte = [&](std::uint64_t plane) {
      return std::uint32_t{machine_.buffer[transposed->channels + plane * transposed->rows + row]};
    };
    const auto word = [&](std::uint64_t plane) {
      return byte(plane) | byte(plane + 1) << 8 | byte(plane + 2) << 16 | byte(plane + 3) << 24;
    };
    pins.own = true;
    pins.bias = static_cast<std::int32_t>(word(0));
    pins.multiplier = word(4);
    pins.shift = static_cast<std::uint8_t>(byte(8));
  }
  return pins;
}

std::uint32_t ActivateSequencer::row_of(Cycles now) const {
  return static_cast<std::uint32_t>((now - running_->start).count());
}

const std::int8_t* ActivateSequencer::staged(std::uint64_t address, std::uint64_t length) {
  std::swap(staging_[0], staging_[1]);
  std::copy_n(&machine_.buffer[address], length, staging_[0].begin());
  std::fill(staging_[0].begin() + static_cast<std::ptrdiff_t>(length), staging_[0].end(),
            std::int8_t{0});
  return staging_[0].data();
}

}  // namespace systol
