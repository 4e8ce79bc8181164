// Time without a clock: each command's start and end by the closed forms of hw/TIMING.md.
//
// The walk takes, again and again, the earliest start that is possible anywhere in the machine.
// Whatever a start sets free (a token, a slot, a turn) is free one cycle later at the earliest, and
// the shadow registers, which a matmul's start frees at once, concern no memory. So starts come in
// the order of time, and with them the requests to the memories, in the order of their units.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "hw/isa/command.h"
#include "sim/config/array_config.h"
#include "sim/device.h"
#include "sim/fast/event_history.h"
#include "sim/fast/matrix_ledger.h"
#include "sim/memory/memory_timing.h"
#include "sim/snapshot.h"
#include "sim/timed_command.h"

namespace systol {

/// A command that has started; `end` is when its effect is visible. The command stays until the
/// walk goes on.
struct Started {
  std::uint64_t index;
  const isa::Command& command;
  Cycles start;
  Cycles end;
};

inline constexpr Cycles kNever{UINT64_MAX};

/// A walk that says what it sees: the kind of a run.
struct Watched {
  static constexpr bool kWatched = true;
  static constexpr bool kWhole = true;
  using Moment = systol::Moment;
  struct Command : TimedCommand {
    isa::Command whole;
  };
  using Source = CommandSource;
  static bool fetch(CommandSource& source, const ArrayConfig& config, Command& command);
  static const isa::Operation& operation_of(const Command& command) {
    return command.whole.operation;
  }
};

/// A walk that is watched, but whose commands do nothing.
struct Retimed {
  static constexpr bool kWatched = true;
  static constexpr bool kWhole = false;
  using Moment = systol::Moment;
  using Command = TimedCommand;
  using Source = TimedSource;
  static bool fetch(TimedSource& source, const ArrayConfig& /*config*/, Command& command) {
    return source.next(command);
  }
  static const isa::Operation& operation_of(const Command& command) { return *command.operation; }
};

/// A walk that only says how long all takes.
struct Unwatched : Retimed {
  static constexpr bool kWatched = false;
  struct Moment {
    Cycles time;
    // Named as the other walks' member that it stands for.
    static constexpr EventId event = 0;  // NOLINT(readability-identifier-naming)

    Moment() = default;
    explicit Moment(Cycles when, Reason /*reason*/ = {}, EventId /*event*/ = 0,
                    Cycles /*since*/ = {})
        : time(when) {}
  };
};

template <class Kind>
class BasicEventWalk {
 public:
  using Moment = typename Kind::Moment;
  using Command = typename Kind::Command;
  using Source = typename Kind::Source;
  /// Called for each command as it starts, in the order of start times; of a watched walk alone.
  using OnStart = std::function<void(const Started&)>;

  /// `observer` sees the matrix unit's cycles and stalls, and the memories' transports; it may be
  /// null, and no stall is then searched for its reasons.
  BasicEventWalk(const ArrayConfig& config, std::size_t nodes, Observer* observer);

  /// Walks the whole program. Throws InputError on a deadlock.
  void run(Source& commands, const OnStart& on_start);
  /// Walks up to the first start that is not before `limit`. Throws InputError on a deadlock.
  void run_until(Cycles limit, Source& commands, const OnStart& on_start);
  /// The machine at `snapshot.cycle`, up to which it was walked: all of it but values, and commands
  /// that are running. The values of the FIFO's tiles must be there already: this sorts them.
  void save(Snapshot& snapshot) const;

  Cycles cycles() const { return finish_.time; }
  const MatrixLedger& ledger() const { return ledger_; }
  /// Adds what happened in the memories' banks, when the walk is over.
  void add_dram_counts(std::span<NodeResult> nodes) const;

 private:
  /// A unit's queue: what has been dispatched and has not started.
  struct Queue {
    struct Entry {
      std::uint64_t index = 0;
      Command command;
      Moment dispatched;
    };
    std::vector<Entry> entries;    ///< command n at n % depth
    std::vector<Moment> started;   ///< likewise: its start, when it left the queue
    std::size_t next_entered = 0;  ///< of these: the command that is dispatched next
    std::size_t next_started = 0;  ///< and the one that starts next
    std::size_t waiting = 0;       ///< commands that are there
    bool was_full = false;         ///< as many as it holds have been dispatched
    Moment free;                   ///< earliest next start by the unit's own rules
    std::deque<Moment> in_flight;  ///< ends of a DMA unit's last requests

    bool empty() const { return waiting == 0; }
    const Entry& front() const { return entries[next_started]; }
    const Entry& operator[](std::size_t i) const {
      return entries[(next_started + i) % entries.size()];
    }
  };
  /// A weight tile from its request to its swap.
  struct Tile {
    Moment ready;
    std::uint64_t command = 0;    ///< that brought it
    std::uint32_t node = 0;       ///< likewise
    std::optional<Moment> shift;  ///< start of its shift
  };

  bool step(Cycles limit, Source& commands, const OnStart& on_start);
  void save_queues(Snapshot& snapshot) const;
  void dispatch(Source& commands);
  Moment candidate(isa::Unit unit) const;
  Moment tokens_time(isa::Unit unit, isa::UnitSet wait) const;
  Moment weights_time() const;
  Moment matrix_time(const TimedCommand& matmul) const;
  Moment usable(const Tile& tile) const;
  Moment output_stationary_time(const TimedCommand& matmul) const;
  Moment shift_candidate() const;
  void commit(isa::Unit unit, const Moment& start, const OnStart& on_start);
  void commit_shift(const Moment& start);
  Cycles end_of(const Command& command, Cycles start, Event& event);
  Cycles request(const Command& command, Cycles now, Event& event);
  Cycles request_of_banks(const Command& command, MemoryTiming& memory, Cycles now);
  void enter_ledger(const typename Queue::Entry& entry, const Moment& start);
  void show_stall(Stall stall, const Moment& last);
  void show_last_stall();
  void begin_matmul(const TimedCommand& command, Cycles start, Cycles fed);
  [[noreturn]] void report_deadlock() const;

  Queue& queue(isa::Unit unit) { return queues_[static_cast<std::size_t>(unit)]; }
  const Queue& queue(isa::Unit unit) const { return queues_[static_cast<std::size_t>(unit)]; }
  std::deque<Moment>& tokens(isa::Unit from, isa::Unit to) {
    return tokens_[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)];
  }
  const std::deque<Moment>& tokens(isa::Unit from, isa::Unit to) const {
    return tokens_[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)];
  }

  const ArrayConfig& config_;
  std::vector<MemoryTiming> memories_;
  std::vector<EventId> last_request_;  ///< of each memory
  std::array<std::size_t, isa::kSpaces> memory_of_space_;
  std::vector<std::array<DramCounts, isa::kSpaces>> dram_counts_;  ///< of each node
  std::vector<MemoryPiece> pieces_;  ///< of the last request to a DRAM
  std::array<Queue, isa::kUnits> queues_;
  std::array<std::array<std::deque<Moment>, isa::kUnits>, isa::kUnits> tokens_;
  std::array<Moment, isa::kUnits> candidates_;  ///< of each unit
  isa::UnitSet changed_;                        ///< the units whose candidate is no longer that

  Command next_;  ///< fetched, not dispatched
  bool has_next_ = false;
  std::uint64_t fetched_ = 0;
  bool fetched_all_ = false;
  Moment next_dispatch_{Cycles(0), Reason::Dispatched, 0, Cycles(0)};

  std::deque<Tile> tiles_;        ///< requested and not yet taken by a matmul
  std::deque<Moment> slot_free_;  ///< when the FIFO's last slots were or become free
  std::uint64_t requested_tiles_ = 0;
  Moment shadow_free_;                ///< the last shift's end, and the last swap
  bool swapped_ = true;               ///< the last shifted tile has become active
  std::optional<Cycles> last_shift_;  ///< its start
  std::optional<Moment> last_drain_;  ///< sums in place: last step of the last product that drains
  std::optional<Moment> last_fed_;
  std::uint32_t last_accumulator_ = 0;

  Moment finish_;                   ///< the last end, and the event that it is of
  std::uint64_t last_command_ = 0;  ///< likewise
  MatrixLedger ledger_;
  EventHistory history_;
  Observer* observer_;  ///< may be null
};

template <>
void BasicEventWalk<Watched>::report_deadlock() const;
template <>
void BasicEventWalk<Watched>::save(Snapshot& snapshot) const;
template <>
void BasicEventWalk<Watched>::save_queues(Snapshot& snapshot) const;
template <>
void BasicEventWalk<Watched>::add_dram_counts(std::span<NodeResult> nodes) const;
extern template class BasicEventWalk<Watched>;
extern template class BasicEventWalk<Retimed>;
extern template class BasicEventWalk<Unwatched>;
using EventWalk = BasicEventWalk<Watched>;
using RetimedWalk = BasicEventWalk<Retimed>;
using TimeWalk = BasicEventWalk<Unwatched>;

}  // namespace systol
