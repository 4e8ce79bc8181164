// A run as a Chrome trace, which Perfetto (https://ui.perfetto.dev) and chrome://tracing open.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/account/energy.h"
#include "host/report/buffer_occupancy.h"
#include "host/report/run_observer.h"
#include "host/report/timeline_record.h"
#include "sim/device.h"

namespace systol {

/// Which cycles a timeline shows, and how many commands it may hold.
struct TimelineWindow {
  Cycles from;
  Cycles to = Cycles(UINT64_MAX);
  /// When more commands run in the window it ends earlier. A command takes about 2 KB of the trace.
  std::size_t most_commands = 50'000;
};

/// Collects a run, or runs one after another, and writes the window as trace events, one cycle as
/// one microsecond: a track per unit with a slice per command, a track with the matrix unit's cycle
/// classes, an arrow along each token, and counters for the weight FIFO, the unified buffer, each
/// memory's traffic and power.
class Timeline : public RunObserver {
 public:
  /// Of a run of these nodes.
  Timeline(const ArrayConfig& config, const EnergyTable& table, std::span<const std::string> nodes,
           TimelineWindow window = {});

  void begin_run(std::span<const std::string> nodes) override;

  void completed(std::uint64_t index, const isa::Command& command, Cycles start,
                 Cycles end) override;
  void matrix_cycles(std::uint32_t node, CycleClass kind, Cycles from, Cycles to) override;
  void moved(const Transport& transport) override;

  /// The whole trace; call it, or the next, once after the runs.
  std::string json();
  /// What it is made of. Its buffer is that of all runs, whatever the window.
  TimelineRecord take();

  /// The cycle in which the window ended because of its many commands.
  std::optional<Cycles> cut() const { return cut_; }

 private:
  bool shows(Cycles start, Cycles end) const { return start < record_.to && end > record_.from; }
  void count_tokens(const isa::Command& command, TimelineRecord::Command& entry);
  void enter_occupancy(std::uint64_t index, const isa::Operation& operation, Cycles end);
  void enter_tiles(const isa::Operation& operation, Cycles start, Cycles end);
  void cut_short();

  const ArrayConfig& config_;
  const EnergyTable& table_;
  std::size_t most_commands_;
  std::optional<Cycles> cut_;
  TimelineRecord record_;
  BufferOccupancy occupancy_;
  std::array<TimelineRecord::Tokens, isa::kUnits> given_{};  ///< [from][to]: tokens so far
  std::array<TimelineRecord::Tokens, isa::kUnits> taken_{};
  /// Of this run: commands that ended before one that the program has before them.
  std::map<std::uint64_t, std::pair<isa::Operation, Cycles>> early_;
  std::uint64_t next_index_ = 0;
  // Where this run begins.
  Cycles begin_;
  Cycles end_;
  std::uint64_t first_command_ = 0;
  std::uint32_t first_node_ = 0;
};

}  // namespace systol
