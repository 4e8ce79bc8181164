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
