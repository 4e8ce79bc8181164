#include "sim/systemc/vector_sequencer.h"

#include <algorithm>

namespace systol {
namespace {

/// Least significant byte first.
std::int16_t read_wide(const std::uint8_t* bytes) {
  return static_cast<std::int16_t>(static_cast<std::uint16_t>(bytes[0] | (bytes[1] << 8U)));
}
void write_wide(std::int16_t value, std::uint8_t* bytes) {
  const auto bits = static_cast<std::uint16_t>(value);
  bytes[0] = static_cast<std::uint8_t>(bits & 0xffU);
  bytes[1] = static_cast<std::uint8_t>(bits >> 8U);
}

/// What a command says on all its cycles.
VectorOperandPins pins_of(const isa::Vector& op) {
  VectorOperandPins pins;
  pins.valid = true;
  pins.operation = static_cast<std::uint8_t>(op.operation);
  pins.join = static_cast<std::uint8_t>(op.join);
  pins.a_zero_point = op.a_zero_point;
  pins.b_zero_point = op.b_zero_point;
  pins.a_multiplier = op.a_multiplier;
  pins.b_multiplier = op.b_multiplier;
  pins.channels = op.channels;
  pins.multiplier = op.multiplier;
  pins.shift = op.shift;
  pins.zero_point = op.zero_point;
  pins.minimum = op.minimum;
  pins.maximum = op.maximum;
  pins.table = op.table;
  return pins;
}

}  // namespace

VectorSequencer::VectorSequencer(Machine& machine)
    : CommandUnit(isa::Unit::Vector, machine),
      softmax_unit_(machine.config.columns),
      normalise_unit_(machine.config.columns) {
  for (std::size_t copy = 0; copy < 2; ++copy) {
    bytes_[copy].resize(machine.config.columns);
    a_[copy].resize(machine.config.columns);
    b_[copy].resize(machine.config.columns);
  }
}

void VectorSequencer::capture(const VectorResultPins& result) {
  const auto* op = running<isa::Vector>();
  if (!result.valid || op == nullptr) {
    return;
  }
  write_result(*op, result.data);
  if (++progress_.result_piece == op->pieces()) {
    progress_.result_piece = 0;
    ++progress_.result_group;
  }
}

/// A piece is whole when its last group of lanes has been written.
void VectorSequencer::write_result(const isa::Vector& op, WideLanes results) {
  const std::uint64_t group = progress_.result_group;
  const std::uint64_t piece = op.destination.at(progress_.result_piece);
  const std::uint32_t count = lanes(op, group);
  const std::uint64_t value_bytes = isa::Vector::bytes(op.wide_destination, 1);
  const std::uint64_t address = piece + group * machine_.config.columns * value_bytes;
  std::uint8_t* to = &machine_.buffer[address];
  for (std::uint32_t lane = 0; lane < count; ++lane, to += value_bytes) {
    if (op.wide_destination) {
      write_wide(results[lane], to);
    } else {
      *to = static_cast<std::uint8_t>(results[lane]);
    }
  }
  machine_.count_write(*running_, address, count * value_bytes);
  if (group + 1 == groups(op)) {
    show_row(static_cast<std::uint32_t>(progress_.result_piece),
             {&machine_.buffer[piece], op.columns * value_bytes});
  }
}

void VectorSequencer::show_row(std::uint32_t row, std::span<const std::uint8_t> bytes) {
  if (machine_.observer != nullptr) {
    machine_.observer->wrote_row(
        running_->index, running_->command, row,
        {reinterpret_cast<const std::int8_t*>(bytes.data()), bytes.size()});
  }
}

void VectorSequencer::complete(Cycles now) {
  if (const auto* softmax = running<isa::Softmax>()) {
    step_softmax(*softmax);
  } else if (const auto* part = running<isa::SoftmaxPart>()) {
    step_softmax_part(*part);
  } else if (const auto* normalise = running<isa::Normalise>()) {
    step_normalise(*normalise);
  }
  if (running_ && (restored_ ? now >= running_->end : done())) {
    running_->end = now;
    finish(*running_);
    running_.reset();
    restored_ = false;
  }
}

bool VectorSequencer::done() const {
  if (const auto* op = running<isa::Vector>()) {
    return progress_.result_group == groups(*op);
  }
  if (running<isa::SoftmaxPart>() != nullptr) {
    return rows_done_ == 1;
  }
  const auto* softmax = running<isa::Softmax>();
  return rows_done_ == (softmax != nullptr ? softmax->rows() : running<isa::Normalise>()->rows());
}

void VectorSequencer::restore_running(std::deque<Issued> running, const Snapshot& snapshot) {
  const SoftmaxRow& row = snapshot.softmax;
  softmax_unit_.set_row(row.maximum, row.sum, row.reciprocal);
  if (!running.empty()) {
    running_ = std::move(running.front());
    restored_ = true;
  }
}

void VectorSequencer::start(Cycles now) {
  if (running_ || !head_has_tokens()) {
    return;
  }
  running_ = begin(now);
  progress_ = {};
  rows_done_ = 0;
  if (const auto* softmax = running<isa::Softmax>()) {
    begin_softmax(*softmax);
  } else if (const auto* part = running<isa::SoftmaxPart>()) {
    begin_softmax_part(*part);
  } else if (const auto* normalise = running<isa::Normalise>()) {
    begin_normalise_row(*normalise);
  }
}

std::uint64_t VectorSequencer::groups(const isa::Vector& op) const {
  return (std::uint64_t{op.columns} + machine_.config.columns - 1) / machine_.config.columns;
}

/// Of a group, those that carry values.
std::uint32_t VectorSequencer::lanes(const isa::Vector& op, std::uint64_t group) const {
  const std::uint64_t first = group * machine_.config.columns;
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(machine_.config.columns, op.columns - first));
}

bool VectorSequencer::table_is_in(const isa::Vector& op) const {
  return !op.table ||
         std::uint64_t{progress_.table_rows} * machine_.config.columns >= isa::kTableEntries;
}

VectorSequencer::Pins VectorSequencer::present() {
  Pins pins;
  const auto* op = running<isa::Vector>();
  if (op == nullptr || progress_.group == groups(*op)) {
    return pins;
  }
  if (!table_is_in(*op)) {
    pins.table = table(*op);
  } else if (!op->channels || progress_.planes == isa::kChannelPlanes) {
    pins.operands = operands(*op);
  } else if (progress_.result_group == progress_.group) {  // the group before is done
    pins.channels = channels(*op);
  }
  return pins;
}

VectorTablePins VectorSequencer::table(const isa::Vector& op) {
  const std::uint32_t row = progress_.table_rows++;
  const std::uint64_t first = std::uint64_t{row} * machine_.config.columns;
  const std::uint64_t left = isa::kTableEntries - first;
  return {true, row,
          staged_bytes(op.entries + first, std::min<std::uint64_t>(left, machine_.config.columns))};
}

VectorChannelPins VectorSequencer::channels(const isa::Vector& op) {
  const std::uint32_t plane = progress_.planes++;
  const std::uint64_t first = progress_.group * machine_.config.columns;
  return {true, plane,
          staged_bytes(op.planes + std::uint64_t{plane} * op.columns + first,
                       lanes(op, progress_.group))};
}

VectorOperandPins VectorSequencer::operands(const isa::Vector& op) {
  const std::uint32_t count = lanes(op, progress_.group);
  const std::uint64_t first = progress_.group * machine_.config.columns;
  VectorOperandPins pins = pins_of(op);
  pins.first = progress_.place == 0;
  pins.last = progress_.place + 1 == op.window();
  if (isa::reads_a(op.operation)) {
    const std::uint64_t place = op.a.at(progress_.piece) + op.a_window.at(progress_.place);
    pins.a = staged(a_, place + isa::Vector::bytes(op.wide_a, first), op.wide_a, count);
  }
  if (isa::reads_b(op.operation)) {
    const std::uint64_t place = op.b.at(progress_.piece) + op.b_window.at(progress_.place);
    pins.b = staged(b_, place + isa::Vector::bytes(op.wide_b, first), op.wide_b, count);
  }
  driver_ = {running_->command.origin.node, count};
  next_place(op);
  return pins;
}

void VectorSequencer::next_place(const isa::Vector& op) {
  if (++progress_.place < op.window()) {
    return;
  }
  progress_.place = 0;
  if (++progress_.piece < op.pieces()) {
    return;
  }
  progress_.piece = 0;
  progress_.planes = 0;
  ++progress_.group;
}

/// Points at `count` values of the buffer, followed by zeros up to the array's width.
WideLanes VectorSequencer::staged(std::array<std::vector<std::int16_t>, 2>& copies,
                                  std::uint64_t address, bool wide, std::uint32_t count) {
  machine_.count_read(*running_, address, isa::Vector::bytes(wide, count));
  std::swap(copies[0], copies[1]);
  std::ranges::fill(copies[0], std::int16_t{0});
  const std::uint8_t* from = &machine_.buffer[address];
  for (std::uint32_t lane = 0; lane < count; ++lane) {
    copies[0][lane] = wide ? read_wide(from + 2 * std::size_t{lane})
                           : std::int16_t{static_cast<std::int8_t>(from[lane])};
  }
  return copies[0].data();
}

Lanes VectorSequencer::staged_bytes(std::uint64_t address, std::uint64_t length) {
  machine_.count_read(*running_, address, length);
  std::swap(bytes_[0], bytes_[1]);
  std::ranges::fill(bytes_[0], std::uint8_t{0});
  std::copy_n(&machine_.buffer[address], length, bytes_[0].begin());
  return bytes_[0].data();
}

void VectorSequencer::set_exponentials(std::uint64_t address) {
  std::array<std::uint16_t, isa::kTableEntries> exponentials;
  for (std::size_t i = 0; i < exponentials.size(); ++i) {
    exponentials[i] = static_cast<std::uint16_t>(read_wide(&machine_.buffer[address + 2 * i]));
  }
  machine_.count_read(*running_, address, isa::kSoftmaxTableBytes);
  softmax_unit_.set_table(exponentials);
}

void VectorSequencer::begin_softmax(const isa::Softmax& softmax) {
  set_exponentials(softmax.table);
  begin_softmax_row(softmax);
}

void VectorSequencer::begin_softmax_row(const isa::Softmax& softmax) {
  const std::uint8_t* source = &machine_.buffer[softmax.source.at(rows_done_)];
  softmax_unit_.begin({reinterpret_cast<const std::int8_t*>(source), softmax.columns});
  read_before_row_ = softmax_unit_.logits_read();
}

void VectorSequencer::step_softmax(const isa::Softmax& softmax) {
  const std::uint64_t read = softmax_unit_.logits_read();
  const std::uint64_t elements = softmax_unit_.elements();
  const bool ended = softmax_unit_.step();
  machine_.count_read(*running_,
                      softmax.source.at(rows_done_) + (read - read_before_row_) % softmax.columns,
                      softmax_unit_.logits_read() - read);
  activity()[Action::SoftmaxElements] += softmax_unit_.elements() - elements;
  if (!ended) {
    return;
  }
  write_shares(softmax.destination.at(rows_done_));
  if (++rows_done_ < softmax.rows()) {
    begin_softmax_row(softmax);
  }
}

void VectorSequencer::write_shares(std::uint64_t destination) {
  const std::span<const std::int8_t> row = softmax_unit_.probabilities();
  std::uint8_t* to = &machine_.buffer[destination];
  std::ranges::copy(row, to);
  machine_.count_write(*running_, destination, row.size());
  show_row(static_cast<std::uint32_t>(rows_done_), {to, row.size()});
}

void VectorSequencer::begin_softmax_part(const isa::SoftmaxPart& part) {
  if (part.reads_table()) {
    set_exponentials(part.table);
  }
  const std::uint8_t* source = &machine_.buffer[part.source];
  softmax_unit_.begin_part(static_cast<SoftmaxUnit::Part>(part.pass), part.first, part.last,
                           {reinterpret_cast<const std::int8_t*>(source), part.columns});
  read_before_row_ = softmax_unit_.logits_read();
}

void VectorSequencer::step_softmax_part(const isa::SoftmaxPart& part) {
  const std::uint64_t read = softmax_unit_.logits_read();
  const std::uint64_t elements = softmax_unit_.elements();
  const bool ended = softmax_unit_.step();
  machine_.count_read(*running_, part.source + (read - read_before_row_),
                      softmax_unit_.logits_read() - read);
  activity()[Action::SoftmaxElements] += softmax_unit_.elements() - elements;
  if (ended && part.writes()) {
    write_shares(part.destination);
  }
  rows_done_ += ended ? 1 : 0;
}

void VectorSequencer::begin_normalise_row(const isa::Normalise& normalise) {
  const std::uint64_t source = normalise.source.at(rows_done_);
  std::vector<std::int8_t> values(normalise.columns);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<std::int8_t>(machine_.buffer[source + i * normalise.source_stride]);
  }
  normalise_unit_.begin(values, normalise.epsilon);
  read_before_row_ = normalise_unit_.values_read();
}

void VectorSequencer::step_normalise(const isa::Normalise& normalise) {
  const std::uint64_t read = normalise_unit_.values_read();
  const std::uint64_t elements = normalise_unit_.elements();
  const bool ended = normalise_unit_.step();
  for (std::uint64_t i = read; i < normalise_unit_.values_read(); ++i) {
    const std::uint64_t place = (i - read_before_row_) % normalise.columns;
    machine_.count_read(*running_,
                        normalise.source.at(rows_done_) + place * normalise.source_stride, 1);
  }
  activity()[Action::NormalisedElements] += normalise_unit_.elements() - elements;
  if (!ended) {
    return;
  }
  const std::uint64_t destination = normalise.destination.at(rows_done_);
  std::vector<std::uint8_t> row(isa::Vector::bytes(true, normalise.columns));
  for (std::size_t i = 0; i < normalise.columns; ++i) {
    const std::uint64_t address = destination + i * normalise.destination_stride;
    write_wide(normalise_unit_.normalised()[i], &row[2 * i]);
    std::copy_n(&row[2 * i], 2, &machine_.buffer[address]);
    machine_.count_write(*running_, address, 2);
  }
  show_row(static_cast<std::uint32_t>(rows_done_), row);
  if (++rows_done_ < normalise.rows()) {
    begin_normalise_row(normalise);
  }
}

}  // namespace systol
