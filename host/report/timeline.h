// A run as a Chrome trace, which Perfetto (https://ui.perfetto.dev) and chrome://tracing open.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "host/account/energy.h"
#include "sim/device.h"

namespace systol {

/// Collects a run and writes it as trace events, one cycle as one microsecond: a track per unit
/// with a slice per command, a track with the matrix unit's cycle classes, an arrow along each
/// token, and counters for the weight FIFO, the unified buffer, memory traffic and power.
/// Memory grows with the number of commands.
class Timeline : public Observer {
 public:
  Timeline(const ArrayConfig& config, const EnergyTable& table, std::vector<std::string> layers);

  void completed(std::uint64_t index, const isa::Command& command, Cycles start,
                 Cycles end) override;
  void matrix_cycles(std::uint32_t layer, CycleClass kind, Cycles from, Cycles to) override;

  /// The whole trace; call after the run.
  std::string json();

 private:
  struct Entry {
    std::uint64_t index = 0;
    isa::Command command;
    Cycles start;
    Cycles end;
  };
  struct Stretch {
    std::uint32_t layer = 0;
    CycleClass kind = CycleClass::Idle;
    Cycles from;
    Cycles to;
  };

  void write_names(std::string& out) const;
  void write_commands(std::string& out) const;
  void write_classes(std::string& out) const;
  void write_tokens(std::string& out) const;
  void write_counters(std::string& out) const;
  std::vector<double> binned(double (Timeline::*amount)(const Entry&) const, Cycles bin) const;
  double memory_traffic(const Entry& entry) const;
  double dynamic_energy(const Entry& entry) const;
  Cycles finish() const;

  const ArrayConfig& config_;
  const EnergyTable& table_;
  std::vector<std::string> layers_;
  std::vector<Entry> entries_;  ///< sorted by index once json() starts
  std::vector<Stretch> stretches_;
};

}  // namespace systol
