// Operands on their way through the array, and their masks.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "hw/unit/pins.h"
#include "sim/unit/sparse_operands.h"

namespace systol {

/// Each lane's values, newest first: what entered n cycles ago is n places after the newest. A row
/// of PEs, each a cycle later than its neighbour, thus reads its operands from contiguous memory.
template <class Value>
class LaneHistory {
 public:
  /// Remembers `depth` cycles of `lanes` values.
  LaneHistory(std::uint32_t lanes, std::size_t depth)
      : lanes_(lanes), depth_(depth), values_(lanes * (depth + kSlack)) {}

  /// One cycle on; `value_of(lane)` enters.
  template <class ValueOf>
  void enter(ValueOf value_of) {
    if (newest_ == 0) {
      for (std::size_t lane = 0; lane < lanes_; ++lane) {
        std::memmove(of(lane) + kSlack, of(lane), depth_ * sizeof(Value));
      }
      newest_ = kSlack;
    }
    --newest_;
    for (std::size_t lane = 0; lane < lanes_; ++lane) {
      of(lane)[newest_] = value_of(lane);
    }
  }

  /// As if nothing but `value` had ever entered.
  void fill(Value value) { std::fill(values_.begin(), values_.end(), value); }

  /// What entered the lane `age` cycles ago, followed by what entered before that.
  const Value* at(std::size_t lane, std::size_t age) const {
    return &values_[lane * (depth_ + kSlack) + newest_ + age];
  }

 private:
  /// The values are moved back to their end once in this many cycles.
  static constexpr std::size_t kSlack = 4096;

  Value* of(std::size_t lane) { return &values_[lane * (depth_ + kSlack)]; }

  std::size_t lanes_;
  std::size_t depth_;
  std::vector<Value> values_;
  std::size_t newest_ = kSlack;
};

/// Lanes whose bytes together are one operand, which each of them has.
template <class Operand>
inline constexpr std::size_t kLanesOfOperand = 1;
template <>
inline constexpr std::size_t kLanesOfOperand<ActivationGroup> = isa::kGroupRows;

/// Operands with their masks, which are kept only while one of the last `depth` cycles left a lane
/// out. An operand is a byte, or has several.
template <class Operand>
class OperandHistory {
 public:
  OperandHistory(std::uint32_t lanes, std::size_t depth)
      : lanes_(lanes), depth_(depth), values_(lanes, depth), masks_(lanes, depth), whole_(depth) {
    masks_.fill(1);
  }

  /// One cycle on. Null data are zeros that no sum shows, a null mask is one of all lanes.
  void enter(Lanes data, Lanes mask) {
    values_.enter([data](std::size_t lane) {
      Operand operand{};
      if (data != nullptr) {
        std::memcpy(&operand, data + lane / kLanesOfOperand<Operand> * sizeof operand,
                    sizeof operand);
      }
      return operand;
    });
    const bool gap = leaves_out(mask);
    if (gap && whole_ >= depth_) {
      masks_.fill(1);
    }
    if (gap || masked()) {
      masks_.enter(
          [mask](std::size_t lane) { return static_cast<std::int8_t>(has_lane(mask, lane)); });
    }
    whole_ = gap ? 0 : std::min(whole_ + 1, depth_);
  }

  /// Whether any lane was left out in the last `depth` cycles.
  bool masked() const { return whole_ < depth_; }

  const Operand* at(std::size_t lane, std::size_t age) const { return values_.at(lane, age); }
  /// 1 where the operand counts; all 1 unless masked().
  const std::int8_t* mask_at(std::size_t lane, std::size_t age) const {
    return masks_.at(lane, age);
  }

 private:
  bool leaves_out(Lanes mask) const {
    for (std::size_t lane = 0; mask != nullptr && lane < lanes_; ++lane) {
      if (!has_lane(mask, lane)) {
        return true;
      }
    }
    return false;
  }

  std::size_t lanes_;
  std::size_t depth_;
  LaneHistory<Operand> values_;
  LaneHistory<std::int8_t> masks_;
  std::size_t whole_;  ///< cycles since a lane was left out, `depth` at most
};

}  // namespace systol
