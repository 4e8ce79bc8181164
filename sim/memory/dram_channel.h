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

  struct Stripes {
    std::uint64_t row = 0;
    std::uint32_t bank = 0;  ///< of each group
    std::uint64_t count = 0;
    bool writes = false;
  };

  explicit DramChannel(const DramConfig& dram);

  /// Adds a burst that is asked for at `now` behind all that wait, serves what is to be served
  /// before there is a place for another one, and calls `served(DramData)` for each.
  template <class Served>
  void add(Burst burst, std::uint64_t now, DramCounts& counts, Served&& served);
  /// The same of `stripes` stripes of bursts of a row: a burst of each bank group in turn, of the
  /// bank `bank` of its group. Those that follow one another without a gap take no time each.
  template <class Served>
  void add_stripes(const Stripes& stripes, std::uint64_t now, DramCounts& counts, Served&& served);
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

  /// Whether the oldest hits, and as early as any burst could be served: then no other is chosen.
  bool first_of_all(const Burst& oldest) const {
    const Bank& bank = banks_[oldest.bank];
    const Group& group = groups_[oldest.group];
    return bank.open && bank.row == oldest.row &&
           (oldest.writes ? group.write_from <= std::max(write_from_, oldest.entered)
                          : group.read_from <= std::max(read_from_, oldest.entered));
  }
  std::size_t choose() const;
  template <class Served>
  void serve_chosen(DramCounts& counts, Served&& served);
  /// Serves the oldest for as long as no other would be chosen.
  template <class Served>
  void serve_oldest(DramCounts& counts, Served&& served);
  Burst burst_of(const Stripes& stripes, std::uint32_t group) const {
    return {stripes.row, group * banks_of_group() + stripes.bank, group, stripes.writes, 0};
  }
  std::uint32_t banks_of_group() const {
    return static_cast<std::uint32_t>(banks_.size() / groups_.size());
  }
  std::uint64_t gapless(const Stripes& stripes, std::uint64_t now) const;
  DramData serve_gapless(const Stripes& stripes, DramCounts& counts);
  DramData serve(const Burst& burst, DramCounts& counts) {
    if (refreshed_ && std::max(burst.entered, last_column_) >= next_refresh_) {
      refresh(std::max(burst.entered, last_column_), counts);
    }
    const Plan next = plan(burst);
    if (next.hits) {
      ++counts[DramEvent::RowHits];
    } else {
      activate(burst, next.activate, counts);
    }
    set_column_limits(burst, next.column);
    ++counts[burst.writes ? DramEvent::WriteBursts : DramEvent::ReadBursts];
    columns_[exit_] = next.column;
    exit_ = exit_ + 1 == columns_.size() ? 0 : exit_ + 1;
    const std::uint64_t from = next.column + clocks_[burst.writes ? DramTime::CWL : DramTime::CL];
    return {from, from + clocks_.burst};
  }
  void refresh(std::uint64_t now, DramCounts& counts);
  void activate(const Burst& burst, std::uint64_t time, DramCounts& counts);
  Plan plan(const Burst& burst) const;
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
  serve_chosen(counts, served);
  serve_oldest(counts, served);
}

template <class Served>
void DramChannel::add_stripes(const Stripes& stripes, std::uint64_t now, DramCounts& counts,
                              Served&& served) {
  Stripes left = stripes;
  while (left.count > 0) {
    Stripes next = left;
    next.count = gapless(left, now);
    if (next.count > 0) {
      served(serve_gapless(next, counts));
    } else {
      next.count = 1;
      for (std::uint32_t group = 0; group < groups_.size(); ++group) {
        add(burst_of(next, group), now, counts, served);
      }
    }
    left.count -= next.count;
  }
}

template <class Served>
void DramChannel::drain(DramCounts& counts, Served&& served) {
  while (!waiting_.empty()) {
    serve_oldest(counts, served);
    if (!waiting_.empty()) {
      serve_chosen(counts, served);
    }
  }
}

template <class Served>
void DramChannel::serve_chosen(DramCounts& counts, Served&& served) {
  const std::size_t chosen = choose();
  const Burst next = waiting_[chosen];
  waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(chosen));
  served(serve(next, counts));
}

template <class Served>
void DramChannel::serve_oldest(DramCounts& counts, Served&& served) {
  auto next = waiting_.begin();
  for (; next != waiting_.end() && first_of_all(*next); ++next) {
    served(serve(*next, counts));
  }
  waiting_.erase(waiting_.begin(), next);
}

inline DramChannel::Plan DramChannel::plan(const Burst& burst) const {
  const Bank& bank = banks_[burst.bank];
  const Group& group = groups_[burst.group];
  Plan plan;
  plan.hits = bank.open && bank.row == burst.row;
  plan.column = burst.entered;
  if (!plan.hits) {
    if (bank.open) {
      plan.column = std::max(plan.column, bank.precharge_from) + clocks_[DramTime::RP];
    }
    plan.activate =
        std::max({plan.column, activate_from_, group.activate_from, activates_[next_activate_]});
    plan.column = plan.activate + clocks_[DramTime::RCD];
  }
  plan.column = burst.writes ? std::max({plan.column, write_from_, group.write_from})
                             : std::max({plan.column, read_from_, group.read_from});
  return plan;
}

/// What may follow a read or write at `column`.
inline void DramChannel::set_column_limits(const Burst& burst, std::uint64_t column) {
  Bank& bank = banks_[burst.bank];
  Group& group = groups_[burst.group];
  const std::uint64_t next = column + clocks_[DramTime::CCDShort];
  const std::uint64_t next_in_group = column + clocks_[DramTime::CCDLong];
  last_column_ = column;
  if (burst.writes) {
    write_from_ = next;
    group.write_from = next_in_group;
    read_from_ = std::max(read_from_, column + clocks_.write_to_read_s);
    group.read_from = std::max(group.read_from, column + clocks_.write_to_read_l);
    bank.precharge_from = std::max(bank.precharge_from, column + clocks_.write_to_precharge);
  } else {
    read_from_ = next;
    group.read_from = next_in_group;
    write_from_ = std::max(write_from_, column + clocks_.read_to_write);
    bank.precharge_from = std::max(bank.precharge_from, column + clocks_[DramTime::RTP]);
  }
}

}  // namespace systol
