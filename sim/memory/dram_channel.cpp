#include "sim/memory/dram_channel.h"

namespace systol {
namespace {

/// Clocks between the data of a read and those of a write, in which the bus turns.
constexpr std::uint64_t kTurnaround = 2;

}  // namespace

DramClocks::DramClocks(const DramConfig& dram) : burst(dram.burst_length / 2) {
  for (std::size_t i = 0; i < kDramTimes; ++i) {
    times[i] = dram.clocks(static_cast<DramTime>(i));
  }
  const DramClocks& t = *this;
  const std::uint64_t written = t[DramTime::CWL] + burst;
  read_to_write = t[DramTime::CL] + burst + kTurnaround - t[DramTime::CWL];
  write_to_read_s = written + t[DramTime::WTRShort];
  write_to_read_l = written + t[DramTime::WTRLong];
  write_to_precharge = written + t[DramTime::WR];
}

DramChannel::DramChannel(const DramConfig& dram)
    : clocks_(dram),
      refreshed_(dram.refresh == DramRefresh::AllBank),
      first_ready_(dram.scheduling == DramScheduling::FirstReady),
      banks_(std::size_t{dram.groups} * dram.banks),
      groups_(dram.groups),
      columns_(dram.queue),
      next_refresh_(clocks_[DramTime::REFI]) {}

/// The first that can be served; of those a hit, of those the oldest.
std::size_t DramChannel::choose() const {
  std::size_t chosen = 0;
  Plan best = plan(waiting_[0]);
  for (std::size_t i = 1; i < waiting_.size(); ++i) {
    const Plan other = plan(waiting_[i]);
    if (other.column < best.column || (other.column == best.column && other.hits && !best.hits)) {
      chosen = i;
      best = other;
    }
  }
  return chosen;
}

/// How many of the stripes, from the first on, are served as they come, each burst tCCD_S after the
/// one before: rows are open, no group lags behind, and no refresh falls due.
std::uint64_t DramChannel::gapless(const Stripes& stripes, std::uint64_t now) const {
  const std::uint64_t step = clocks_[DramTime::CCDShort];
  const std::uint64_t from = stripes.writes ? write_from_ : read_from_;
  if (!waiting_.empty() || now > from || last_column_ > from ||
      groups_.size() * step < clocks_[DramTime::CCDLong]) {
    return 0;
  }
  for (std::uint32_t group = 0; group < groups_.size(); ++group) {
    const Bank& bank = banks_[burst_of(stripes, group).bank];
    const std::uint64_t ready =
        stripes.writes ? groups_[group].write_from : groups_[group].read_from;
    if (!bank.open || bank.row != stripes.row || ready > from + group * step) {
      return 0;
    }
  }
  if (!refreshed_) {
    return stripes.count;
  }
  const std::uint64_t bursts = next_refresh_ > from ? (next_refresh_ - from - 1) / step + 1 : 0;
  return std::min<std::uint64_t>(stripes.count, bursts / groups_.size());
}

/// What they leave behind is what the last burst of each group does.
DramData DramChannel::serve_gapless(const Stripes& stripes, DramCounts& counts) {
  const std::uint64_t step = clocks_[DramTime::CCDShort];
  const std::uint64_t from = stripes.writes ? write_from_ : read_from_;
  const std::uint64_t bursts = stripes.count * groups_.size();
  const std::uint64_t queue = columns_.size();
  for (std::uint64_t i = bursts - std::min(bursts, queue); i < bursts; ++i) {
    columns_[(exit_ + i) % queue] = from + i * step;
  }
  exit_ = (exit_ + bursts) % queue;
  entry_ = (entry_ + bursts) % queue;
  for (std::uint32_t group = 0; group < groups_.size(); ++group) {
    set_column_limits(burst_of(stripes, group), from + (bursts - groups_.size() + group) * step);
  }
  counts[DramEvent::RowHits] += bursts;
  counts[stripes.writes ? DramEvent::WriteBursts : DramEvent::ReadBursts] += bursts;
  const std::uint64_t wait = clocks_[stripes.writes ? DramTime::CWL : DramTime::CL];
  return {from + wait, from + (bursts - 1) * step + wait + clocks_.burst};
}

/// All that fell due up to `now`: the first when the banks that are open can be closed, those that
/// follow, while nothing was asked for, when they were due.
void DramChannel::refresh(std::uint64_t now, DramCounts& counts) {
  const std::uint64_t count = refreshes_due(now);
  std::uint64_t start = std::max(next_refresh_, activate_from_);
  for (Bank& bank : banks_) {
    if (bank.open) {
      start = std::max(start, bank.precharge_from + clocks_[DramTime::RP]);
      bank.open = false;
    }
  }
  start = std::max(start, next_refresh_ + (count - 1) * clocks_[DramTime::REFI]);
  activate_from_ = start + clocks_[DramTime::RFC];
  next_refresh_ += count * clocks_[DramTime::REFI];
  counts[DramEvent::Refreshes] += count;
}

/// Opens the burst's row.
void DramChannel::activate(const Burst& burst, std::uint64_t time, DramCounts& counts) {
  Bank& bank = banks_[burst.bank];
  ++counts[bank.open ? DramEvent::RowConflicts : DramEvent::RowMisses];
  ++counts[DramEvent::Activates];
  activate_from_ = time + clocks_[DramTime::RRDShort];
  groups_[burst.group].activate_from = time + clocks_[DramTime::RRDLong];
  activates_[next_activate_] = time + clocks_[DramTime::FAW];
  next_activate_ = (next_activate_ + 1) % kActivateWindow;
  bank = {true, burst.row, time + clocks_[DramTime::RAS]};
}

}  // namespace systol
