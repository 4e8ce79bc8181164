// A test bench for any VectorUnit: stimulus on a time line, and the lanes' arithmetic in 128 bits,
// where nothing can overflow.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "hw/isa/vector_command.h"
#include "sim/unit/vector_unit.h"
#include "tests/hw/unit_testbench.h"

namespace systol::test {

using Values16 = std::vector<std::int16_t>;

/// The pins of a place of a window. As it is here it copies what lies in 16 bits.
struct Place {
  bool first = true;
  bool last = true;
  isa::LaneOperation operation = isa::LaneOperation::Copy;
  isa::WindowJoin join = isa::WindowJoin::Sum;
  Values16 a;
  Values16 b;  ///< empty: the pins are null
  std::int16_t a_zero_point = 0;
  std::int16_t b_zero_point = 0;
  std::int32_t a_multiplier = 0;
  std::int32_t b_multiplier = 0;
  bool channels = false;
  std::uint32_t multiplier = isa::kUnitMultiplier;
  std::uint8_t shift = isa::kUnitShift;
  std::int16_t zero_point = 0;
  std::int16_t minimum = -32768;
  std::int16_t maximum = 32767;
  bool table = false;
};

struct VectorStimulus {
  std::map<Time, Place> places;
  std::map<Time, PlanePins> channels;
  std::map<Time, PlanePins> tables;
};

inline void set_operand(VectorInputs& in, const Place& place) {
  in.operand_valid = true;
  in.operand_first = place.first;
  in.operand_last = place.last;
  in.operand_operation = static_cast<std::uint8_t>(place.operation);
  in.operand_join = static_cast<std::uint8_t>(place.join);
  in.operand_a = place.a.empty() ? nullptr : place.a.data();
  in.operand_b = place.b.empty() ? nullptr : place.b.data();
  in.operand_a_zero_point = place.a_zero_point;
  in.operand_b_zero_point = place.b_zero_point;
  in.operand_a_multiplier = place.a_multiplier;
  in.operand_b_multiplier = place.b_multiplier;
  in.operand_channels = place.channels;
  in.operand_multiplier = place.multiplier;
  in.operand_shift = place.shift;
  in.operand_zero_point = place.zero_point;
  in.operand_minimum = place.minimum;
  in.operand_maximum = place.maximum;
  in.operand_table = place.table;
}

/// The inputs of one cycle; they point into the stimulus.
inline VectorInputs inputs_at(const VectorStimulus& stimulus, Time cycle) {
  VectorInputs in;
  if (const auto it = stimulus.places.find(cycle); it != stimulus.places.end()) {
    set_operand(in, it->second);
  }
  if (const auto it = stimulus.channels.find(cycle); it != stimulus.channels.end()) {
    in.channel_valid = true;
    in.channel_plane = it->second.index;
    in.channel_data = lanes_of(it->second.data);
  }
  if (const auto it = stimulus.tables.find(cycle); it != stimulus.tables.end()) {
    in.table_valid = true;
    in.table_row = it->second.index;
    in.table_data = lanes_of(it->second.data);
  }
  return in;
}

class VectorBench {
 public:
  VectorBench(std::unique_ptr<VectorUnit> unit, std::uint32_t lanes)
      : unit_(std::move(unit)), lanes_(lanes) {}

  VectorStimulus stimulus;

  /// To the time in which the pins show cycle `cycle`.
  void run_to(Time cycle) {
    for (; now_ < cycle; ++now_) {
      outputs_ = unit_->step(inputs_at(stimulus, now_));
    }
  }
  bool result_valid() const { return outputs_.result_valid; }
  Values16 result() const { return {outputs_.result_data, outputs_.result_data + lanes_}; }

  /// The same parameters in all lanes, in [cycle, cycle + 9).
  void set_channels(Time cycle, const Channel& channel) {
    for (std::uint32_t plane = 0; plane < 9; ++plane) {
      const std::uint32_t word =
          plane < 4 ? static_cast<std::uint32_t>(channel.bias) : channel.multiplier;
      const auto byte =
          static_cast<std::int8_t>(plane == 8 ? channel.shift : word >> (8 * (plane % 4)) & 0xffU);
      stimulus.channels[cycle + plane] = {plane, Bytes8(lanes_, byte)};
    }
  }

  /// The whole table from `cycle` on; returns the first cycle after it.
  Time set_table(Time cycle, const Bytes8& entries) {
    for (std::uint32_t row = 0; row * lanes_ < entries.size(); ++row) {
      Bytes8 data(lanes_);
      for (std::size_t i = 0; i < lanes_ && row * lanes_ + i < entries.size(); ++i) {
        data[i] = entries[row * lanes_ + i];
      }
      stimulus.tables[cycle++] = {row, data};
    }
    return cycle;
  }

 private:
  std::unique_ptr<VectorUnit> unit_;
  std::uint32_t lanes_;
  Time now_ = 0;
  VectorOutputs outputs_;
};

__extension__ using Wide = __int128;

/// What one lane makes of a place, as hw/isa/vector_command.h says.
inline Wide reference_place(const Place& place, std::size_t lane) {
  const Wide a = Wide{place.a.empty() ? 0 : place.a[lane]} - place.a_zero_point;
  const Wide b = Wide{place.b.empty() ? 0 : place.b[lane]} - place.b_zero_point;
  const Wide left = a * place.a_multiplier;
  const Wide right = b * place.b_multiplier;
  switch (place.operation) {
    case isa::LaneOperation::Fill:
      return 0;
    case isa::LaneOperation::Copy:
      return a;
    case isa::LaneOperation::Add:
      return left + right;
    case isa::LaneOperation::Multiply:
      return a * b;
    case isa::LaneOperation::Maximum:
      return left > right ? left : right;
    default:
      return left < right ? left : right;
  }
}

/// The result of a window before the table; `channel` counts where the last place says so.
inline std::int16_t reference_window(const std::vector<Place>& places, std::size_t lane,
                                     const Channel& channel) {
  const Place& last = places.back();
  Wide joined = reference_place(places.front(), lane);
  for (std::size_t i = 1; i < places.size(); ++i) {
    const Wide value = reference_place(places[i], lane);
    joined = places[i].join == isa::WindowJoin::Sum ? joined + value : std::max(joined, value);
  }
  joined += last.channels ? channel.bias : 0;
  const Wide biased = std::clamp<Wide>(joined, INT32_MIN, INT32_MAX);
  const Wide multiplier = last.channels ? channel.multiplier : last.multiplier;
  const unsigned shift = last.channels ? channel.shift : last.shift;
  // Floor division by 2^shift of what is half a last place larger.
  const Wide rounded = (biased * multiplier + (Wide{1} << (shift - 1))) >> shift;
  return static_cast<std::int16_t>(
      std::clamp<Wide>(rounded + last.zero_point, last.minimum, last.maximum));
}

}  // namespace systol::test
