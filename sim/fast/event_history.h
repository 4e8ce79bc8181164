// What started when and why, as far back as a stall may ask for it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <vector>

#include "hw/isa/command.h"
#include "sim/stall.h"

namespace systol {

/// Counts the starts of a run from 1; 0 is none.
using EventId = std::uint64_t;

/// A time, and what made it that late.
struct Moment {
  Cycles time;
  Reason reason = Reason::Begin;
  EventId event = 0;
  Cycles since{};  ///< of a dispatch: when the front end began to dispatch without a pause
};

/// The one that comes last, and the first of two of the same time.
template <class Moment>
const Moment& later(const Moment& a, const Moment& b) {
  return b.time > a.time ? b : a;
}

/// A command's start, or that of a tile's shift into the array.
struct Event {
  Moment cause;  ///< its time is the start
  isa::Unit unit = isa::Unit::Matrix;
  bool shift = false;
  bool load_tile = false;
  std::uint64_t command = 0;  ///< of a shift that of its tile's load
  std::uint32_t node = 0;
  Cycles fed;  ///< of the matrix unit: the cycle after its last feed
  Cycles end;  ///< when its effect is visible

  // Of a request to a memory.
  isa::Space space = isa::Space::Weights;
  Cycles from;           ///< when its bytes began to leave, rounded up
  Cycles moved;          ///< and ended
  EventId channel = 0;   ///< the request that it waited for
  EventId in_order = 0;  ///< the earlier request whose completion was its own
  bool is_request() const { return unit <= isa::Unit::Store && !shift && !load_tile; }
};

class EventHistory {
 public:
  /// A run of more starts without a feed is cut: its earliest link stands for what was before it.
  static constexpr std::size_t kLongest = std::size_t{1} << 18U;

  /// The id of the event that is entered next.
  EventId next() const { return first_ + events_.size(); }
  void add(const Event& event);
  /// Nothing before this cycle is asked for any more.
  void forget(Cycles before);
  /// What the cycles up to `last`, from `from` on, went to. `command` and `node` are of what waited
  /// for `last`. The links stay until the next call.
  std::span<const StallLink> chain(Moment last, Cycles from, std::uint64_t command,
                                   std::uint32_t node);

 private:
  const Event& at(EventId id) const { return events_[id - first_]; }
  void link(const Event& event, Wait wait, Reason reason, Cycles from);
  Moment before_completion(EventId id);
  Moment before_request(const Event& event);
  Moment before_end_of(EventId id, Reason reason);

  std::deque<Event> events_;
  EventId first_ = 1;
  std::vector<StallLink> links_;
  Cycles earliest_;  ///< of the links
  Cycles time_;      ///< up to which there are none yet
};

}  // namespace systol
