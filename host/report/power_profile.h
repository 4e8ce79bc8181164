// Power over time: what a run's commands and transports use, in windows of equal length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "host/account/action_energy.h"
#include "host/report/report.h"
#include "host/report/run_observer.h"
#include "host/report/window_series.h"
#include "sim/device.h"

namespace systol {

/// Collects a run, or runs one after another. A command's energy is spread evenly over its cycles,
/// what a memory moves over the time of its channel.
///
/// Which bits a command changed is known of whole nodes only: within a node its PEs' energy is
/// spread like the useful products. What costs by time, and what no command is charged for, is
/// spread evenly. So the windows together have the energy of the report.
class PowerProfile : public RunObserver {
 public:
  /// Without a length the windows begin short and become twice as long whenever there would be more
  /// than kMostWindows of them. Throws InputError for a length of 0.
  PowerProfile(const ArrayConfig& config, const EnergyTable& table,
               std::optional<Cycles> window = {});

  /// Long enough for what a screen shows, short enough for the memory.
  static constexpr std::size_t kMostWindows = 1024;
  /// Of which the peaks are; the first ones are a cycle long, whatever the windows' length is.
  static constexpr std::size_t kMostStretches = 65'536;

  void begin_run(std::span<const std::string> nodes) override;

  void completed(std::uint64_t index, const isa::Command& command, Cycles start,
                 Cycles end) override;
  void moved(const Transport& transport) override;

  /// After the runs, which `report` is of. Throws InputError where a length that was given makes
  /// more windows than a million.
  PowerOverTime over_time(const RunReport& report) const;

 private:
  struct Window {
    double rest = 0;                                       ///< picojoules
    std::vector<std::pair<std::size_t, double>> products;  ///< of the few nodes that have any
    void add(std::size_t node, double energy);
    Window& operator+=(const Window& other);
  };
  template <class Add>
  void spread(Picojoules energy, double from, double to, Add add);
  std::vector<double> product_factors(const RunReport& report) const;
  static double used(const Window& window, const std::vector<double>& factors);
  std::vector<Watts> averages(const WindowSeries<Window>& series, const RunReport& report) const;

  const ArrayConfig& config_;
  ActionEnergy energy_;
  WindowSeries<Window> series_;
  WindowSeries<Window> stretches_;
  // Of the run that is seen: its cycle 0, its end so far, its nodes in the report.
  Cycles begin_;
  Cycles end_;
  std::size_t first_node_ = 0;
  std::size_t next_node_ = 0;
};

}  // namespace systol
