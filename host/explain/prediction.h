// What a program takes on a machine that differs from the one that it was made for.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "host/explain/parameter.h"
#include "host/report/report.h"
#include "sim/device.h"

namespace systol {

/// A program's time on a machine.
struct ProgramTime {
  Cycles cycles;
  double seconds = 0;
  std::string_view bound_by;  ///< as bound_of() of all nodes together
};

/// The sum of all nodes, as far as bound_of() asks.
NodeReport sum_of(const RunResult& result, std::span<const Waits> waits);

/// Runs the commands without values. Throws InputError on a deadlock.
RunResult walk(CommandSource& commands, std::span<const std::string> nodes,
               const ArrayConfig& array, Observer& observer);

/// The time of the same commands on `array` with `change`: exact, as all engines keep it. Throws
/// InputError on a deadlock.
ProgramTime time_with(CommandSource& commands, std::span<const std::string> nodes,
                      const ArrayConfig& array, const Change& change);

/// Of a walk on `array`.
ProgramTime time_of(const RunResult& result, const ArrayConfig& array,
                    std::span<const Waits> waits);

}  // namespace systol
