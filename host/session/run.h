// Running a prepared model on an array.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "host/account/energy_tables.h"
#include "host/report/report.h"
#include "host/report/run_observer.h"
#include "host/session/engine.h"
#include "host/session/prepared.h"
#include "host/session/product_observer.h"
#include "sim/config/array_config.h"

namespace systol {

struct RunOptions {
  std::optional<std::uint32_t> batch;  ///< samples at a time; all of them without
  bool check = true;                   ///< compare every value with the integer reference
  bool scores =
      true;  ///< compare the outputs, and with `check` all results, with the float network's
  bool command_times = false;             ///< fill RunReport::command_times
  bool tensors = false;                   ///< fill RunReport::tensors; no cycle changes
  std::vector<RunObserver*> observers{};  ///< see the run, after those that they have seen
  unsigned threads = 1;                   ///< of the check
  EnergyTables* energy_tables = nullptr;  ///< keeps what is read, for further runs
  /// On PEs of floating-point numbers: is given each product, with its operands, as it has run.
  ProductObserver product = nullptr;
};

/// Compiles, runs, checks and accounts. An engine without values is not checked and gives no
/// outputs. Throws InputError for what the machine cannot run, EnvironmentError for what the system
/// does not give.
RunReport run(const Prepared& prepared, const ArrayConfig& config, const EngineSpec& engine = {},
              const RunOptions& options = {}, const Progress& progress = {});

}  // namespace systol
