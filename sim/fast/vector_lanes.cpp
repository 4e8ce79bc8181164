#include "sim/fast/vector_lanes.h"

#include <algorithm>
#include <cstring>

namespace systol {
namespace {

/// Calls `action` with each of the walk's addresses from the one it is at; stops after `count`.
class Cursor {
 public:
  explicit Cursor(const isa::Walk& walk) : walk_(walk), address_(walk.base) {}

  void take(std::size_t count, std::vector<std::uint64_t>& addresses) {
    addresses.resize(count);
    for (std::uint64_t& address : addresses) {
      address = address_;
      step();
    }
  }

 private:
  void step() {
    for (std::size_t i = isa::Walk::kLoops; i-- > 0;) {
      address_ += walk_.loops[i].stride;
      if (++turns_[i] < walk_.loops[i].count) {
        return;
      }
      address_ -= turns_[i] * walk_.loops[i].stride;
      turns_[i] = 0;
    }
  }

  isa::Walk walk_;
  std::array<std::uint64_t, isa::Walk::kLoops> turns_{};
  std::uint64_t address_;
};

/// Values that the command leaves as they are.
bool is_plain_copy(const isa::Vector& op) {
  const std::int16_t lowest = op.wide_destination ? INT16_MIN : INT8_MIN;
  const std::int16_t highest = op.wide_destination ? INT16_MAX : INT8_MAX;
  return op.operation == isa::LaneOperation::Copy && op.a_window.count() == 1 && !op.channels &&
         !op.table && op.wide_a == op.wide_destination && op.multiplier == isa::kUnitMultiplier &&
         op.shift == isa::kUnitShift && op.zero_point == op.a_zero_point && op.minimum == lowest &&
         op.maximum == highest;
}

void copy_pieces(const isa::Vector& op, std::int8_t* buffer) {
  const std::uint64_t bytes = isa::Vector::bytes(op.wide_a, op.columns);
  std::uint64_t piece = 0;
  op.destination.for_each([&](std::uint64_t address) {
    std::memcpy(buffer + address, buffer + op.a.at(piece++), bytes);
  });
}

/// Loops of one turn first.
isa::Walk packed(const isa::Walk& walk) {
  isa::Walk result = walk;
  std::stable_partition(result.loops.begin(), result.loops.end(),
                        [](const isa::Walk::Loop& loop) { return loop.count == 1; });
  return result;
}

/// None of a window that is not read: nobody has checked it.
std::vector<std::uint64_t> places_of(const isa::Walk& window, bool read) {
  std::vector<std::uint64_t> places;
  if (read) {
    window.for_each([&](std::uint64_t offset) { places.push_back(offset); });
  }
  return places;
}

}  // namespace

void VectorLanes::run(const isa::Vector& op, std::int8_t* buffer) {
  if (is_plain_copy(op)) {
    copy_pieces(op, buffer);
    return;
  }
  op_ = &op;
  buffer_ = buffer;
  set_up(op);
  for (std::uint64_t first = 0; first < columns_; first += kBlock) {
    run_columns(first, std::min<std::uint64_t>(kBlock, columns_ - first));
  }
}

void VectorLanes::set_up(const isa::Vector& op) {
  const bool scaled = isa::multiplications(op.operation) == 2;
  a_ = {packed(op.a),
        places_of(op.a_window, isa::reads_a(op.operation)),
        op.wide_a,
        op.a_zero_point,
        scaled ? op.a_multiplier : 1,
        {}};
  b_ = {packed(op.b),
        places_of(op.b_window, isa::reads_b(op.operation)),
        op.wide_b,
        op.b_zero_point,
        scaled ? op.b_multiplier : 1,
        {}};
  destination_ = {packed(op.destination), {}, op.wide_destination, 0, 1, {}};
  columns_ = op.columns;
  places_ = op.window();
  sums_ = places_ > 1 && op.join == isa::WindowJoin::Sum;
  if (!op.channels) {
    merge_pieces();
  }
}

/// As long as the innermost loops of all walks go over pieces that lie back to back, they are one
/// piece.
void VectorLanes::merge_pieces() {
  std::vector<Stream*> streams = {&destination_};
  if (isa::reads_a(op_->operation)) {
    streams.push_back(&a_);
  }
  if (isa::reads_b(op_->operation)) {
    streams.push_back(&b_);
  }
  const auto joined = [](const Stream* s) { return isa::joined(s->walk); };
  if (std::ranges::all_of(
          streams, [&](const Stream* s) { return isa::used_loops(joined(s)).size() <= 1; })) {
    std::ranges::for_each(streams, [&](Stream* s) { s->walk = joined(s); });
  }
  const std::uint64_t* count = &destination_.walk.loops.back().count;
  while (*count > 1 && std::ranges::all_of(streams, [&](const Stream* s) {
    const isa::Walk::Loop& loop = s->walk.loops.back();
    return loop.count == *count && loop.stride == isa::Vector::bytes(s->wide, columns_);
  })) {
    columns_ *= *count;
    for (Stream* s : streams) {
      auto& loops = s->walk.loops;
      std::copy_backward(loops.begin(), loops.end() - 1, loops.end());
      loops.front() = {};
    }
  }
}

/// The columns from `first` on of all pieces.
void VectorLanes::run_columns(std::uint64_t first, std::size_t columns) {
  const std::uint64_t most = kBlock / columns;
  std::uint64_t left = destination_.walk.count();
  if (op_->channels) {
    set_channels(first, columns, std::min(most, left));
  }
  Cursor a(a_.walk);
  Cursor b(b_.walk);
  Cursor destination(destination_.walk);
  for (; left > 0; left -= destination_.pieces.size()) {
    const std::uint64_t pieces = std::min(most, left);
    a.take(pieces, a_.pieces);
    b.take(pieces, b_.pieces);
    destination.take(pieces, destination_.pieces);
    run_block(first, columns);
  }
}

void VectorLanes::set_channels(std::uint64_t first, std::size_t columns, std::size_t pieces) {
  const auto* planes = reinterpret_cast<const std::uint8_t*>(buffer_ + op_->planes);
  for (std::size_t i = 0; i < columns * pieces; ++i) {
    channels_.set(i, isa::read_channel(planes, op_->columns, first + i % columns));
  }
}

void VectorLanes::run_block(std::uint64_t first, std::size_t columns) {
  const std::size_t count = columns * destination_.pieces.size();
  if (!isa::reads_a(op_->operation)) {
    std::fill_n(joined_.begin(), count, 0);
  }
  for (std::size_t place = 0; place < places_ && isa::reads_a(op_->operation); ++place) {
    read_place(place, first, columns);
    join(place, count);
  }
  requantise(count);
  write(first, columns);
}

void VectorLanes::read_place(std::size_t place, std::uint64_t first, std::size_t columns) {
  read(a_, place, first, columns, values_);
  if (isa::reads_b(op_->operation)) {
    read(b_, place, first, columns, values_b_);
    lanes::combine(op_->operation, values_.data(), values_b_.data(),
                   columns * destination_.pieces.size());
  }
}

void VectorLanes::read(const Stream& stream, std::size_t place, std::uint64_t first,
                       std::size_t columns, Block<std::int32_t>& values) {
  const std::int8_t* from = gather(stream, place, first, columns);
  const std::size_t count = columns * stream.pieces.size();
  if (stream.wide) {
    lanes::widen(reinterpret_cast<const std::int16_t*>(from), stream.zero_point, stream.multiplier,
                 values.data(), count);
  } else {
    lanes::widen(from, stream.zero_point, stream.multiplier, values.data(), count);
  }
}

/// Where the values are that the block needs, in a row. Wide ones may lie at odd addresses.
const std::int8_t* VectorLanes::gather(const Stream& stream, std::size_t place, std::uint64_t first,
                                       std::size_t columns) {
  const std::uint64_t offset = stream.window[place] + isa::Vector::bytes(stream.wide, first);
  if (stream.pieces.size() == 1 && !stream.wide) {
    return buffer_ + stream.pieces.front() + offset;
  }
  const std::size_t bytes = isa::Vector::bytes(stream.wide, columns);
  auto* const gathered = reinterpret_cast<std::int8_t*>(gathered_.data());
  std::int8_t* to = gathered;
  for (const std::uint64_t address : stream.pieces) {
    std::memcpy(to, buffer_ + address + offset, bytes);
    to += bytes;
  }
  return gathered;
}

void VectorLanes::join(std::size_t place, std::size_t count) {
  if (sums_) {
    if (place == 0) {
      std::fill_n(wide_sums_.begin(), count, 0);
    }
    lanes::add(wide_sums_.data(), values_.data(), count);
  } else if (place == 0) {
    std::copy_n(values_.begin(), count, joined_.begin());
  } else {
    lanes::keep_larger(joined_.data(), values_.data(), count);
  }
}

void VectorLanes::requantise(std::size_t count) {
  const lanes::Range range{op_->zero_point, op_->minimum, op_->maximum};
  if (!op_->channels) {
    if (sums_) {
      lanes::saturate(wide_sums_.data(), joined_.data(), count);
    }
    lanes::requantise(lanes::Scale{op_->multiplier, op_->shift}, range, joined_.data(),
                      results_.data(), count);
    return;
  }
  if (!sums_) {
    std::copy_n(joined_.begin(), count, wide_sums_.begin());
  }
  constexpr std::size_t kPart = ChannelParameters::kBlock;
  for (std::size_t first = 0; first < count; first += kPart) {
    lanes::requantise(channels_.blocks()[first / kPart], range, &wide_sums_[first],
                      &results_[first], std::min(kPart, count - first));
  }
}

void VectorLanes::write(std::uint64_t first, std::size_t columns) {
  const std::size_t count = columns * destination_.pieces.size();
  auto* const narrow = reinterpret_cast<std::int8_t*>(gathered_.data());
  const auto* from = reinterpret_cast<const std::int8_t*>(results_.data());
  if (!op_->wide_destination) {
    lanes::narrow(results_.data(), narrow, count);
    from = narrow;
  }
  if (op_->table) {
    const std::int8_t* entries = buffer_ + op_->entries;
    std::transform(narrow, narrow + count, narrow,
                   [entries](std::int8_t value) { return entries[value + 128]; });
  }
  const std::size_t bytes = isa::Vector::bytes(op_->wide_destination, columns);
  for (const std::uint64_t address : destination_.pieces) {
    std::memcpy(buffer_ + address + isa::Vector::bytes(op_->wide_destination, first), from, bytes);
    from += bytes;
  }
}

}  // namespace systol
