// One channel of a DRAM: its banks and its data bus, by the rules of hw/TIMING.md. Times are
// clocks of the DRAM since the start of the run.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "sim/activity.h"
#include "sim/config/dram_config.h"

namespace systol {

/// The times of a DramConfig, in clocks, and what follows from them.
struct DramClocks {
  std::uint64_t burst = 0;          ///< the data of a read or write
  std::uint64_t read_to_write = 0;  ///< between their commands
  std::uint64_t write_to_read_s = 0;
  std::uint64_t write_to_read_l = 0;
  std::uint64_t write_to_precharge = 0;
  std::array<std::uint64_t, kDramTimes> times{};

  explicit DramClocks(const DramConfig& dram);
  std::uint64_t operator[](DramTime time) const { return times[static_cast<std::size_t>(time)]; }
};

/// When a burst's data were moved.
struct DramData {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
};

class DramChannel {
 public:
  /// One burst to read or write.
  struct Burst {
    std::uint64_t row = 0;
    std::uint32_t bank = 0;  ///< of all groups
    std::uint32_t group = 0;
    bool writes = false;
    std::uint64_t entered = 0;  ///< when the controller knows of it and has a place for it
  };

  explicit DramChannel(const DramConfig& dram);

  /// Adds a burst that is asked for at `now` behind all that wait, serves what is to be served
  /// before there is a place for another one, and calls `served(DramData)` for each.
  template <class Served>
  void add(Burst burst, std::uint64_t now, DramCounts& counts, Served&& served);
  /// Serves all that wait.
  template <class Served>
  void drain(DramCounts& counts, Served&& served);

  /// Refreshes that were due up to `now`, and that no burst has met.
  std::uint64_t refreshes_due(std::uint64_t now) const {
    return refreshed_ && next_refresh_ <= now ? (now - next_refresh_) / clocks_[DramTime::REFI] + 1
                                              : 0;
  }

 private:
  struct Bank {
    bool open = false;
    std::uint64_t row = 0;
    std::uint64_t precharge_from = 0;
  };
  /// Of a bank group; a time is the first at which the next command may follow.
  struct Group {
    std::uint64_t activate_from = 0;
    std::uint64_t read_from = 0;
    std::uint64_t write_from = 0;
  };
  static constexpr std::size_t kActivateWindow = 4;

  /// When a burst's commands would be given if it were served next.
  struct Plan {
    bool hits = false;
    std::uint64_t activate = 0;  ///< without a hit
    std::uint64_t column = 0;    ///< of the read or write
  };

  Plan plan(const Burst& burst) const;
  bool first_of_all(const Burst& oldest) const;
  std::size_t choose() const;
  DramData serve(const Burst& burst, DramCounts& counts);
  void refresh(std::uint64_t now, DramCounts& counts);
  void activate(const Burst& burst, std::uint64_t time, DramCounts& counts);
  void set_column_limits(const Burst& burst, std::uint64_t column);

  DramClocks clocks_;
  bool refreshed_ = false;
  bool first_ready_ = false;
  std::vector<Bank> banks_;
  std::vector<Group> groups_;
  std::vector<Burst> waiting_;          ///< the oldest first; at most a queue of them
  std::vector<std::uint64_t> columns_;  ///< of the last bursts served: a ring of a queue
  std::size_t entry_ = 0;               ///< the ring's place of the next that enters
  std::size_t exit_ = 0;                ///< the ring's place of the next that is served
  std::array<std::uint64_t, kActivateWindow> activates_{};  ///< a ring, of tFAW ends
  std::size_t next_activate_ = 0;
  std::uint64_t activate_from_ = 0;  ///< by all banks' activates, and the last refresh
  std::uint64_t last_column_ = 0;
  std::uint64_t read_from_ = 0;
  std::uint64_t write_from_ = 0;
  std::uint64_t next_refresh_ = 0;
};

template <class Served>
void DramChannel::add(Burst burst, std::uint64_t now, DramCounts& counts, Served&& served) {
  burst.entered = std::max(now, columns_[entry_]);
  entry_ = entry_ + 1 == columns_.size() ? 0 : entry_ + 1;
  // What is served at once would be chosen whatever comes after it.
  if (waiting_.empty() && (!first_ready_ || first_of_all(burst))) {
    served(serve(burst, counts));
    return;
  }
  waiting_.push_back(burst);
  if (waiting_.size() < columns_.size()) {
    return;
  }
  do {
    const std::size_t chosen = choose();
    const Burst next = waiting_[chosen];
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(chosen));
    served(serve(next, counts));
  } while (!waiting_.empty() && first_of_all(waiting_.front()));
}

template <class Served>
void DramChannel::drain(DramCounts& counts, Served&& served) {
  while (!waiting_.empty()) {
    const std::size_t chosen = choose();
    const Burst next = waiting_[chosen];
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(chosen));
    served(serve(next, counts));
  }
}

}  // namespace systol
