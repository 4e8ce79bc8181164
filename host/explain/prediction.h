// What a program takes on a machine.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "host/report/report.h"
#include "sim/device.h"

namespace systol {

/// A program's time on a machine.
struct ProgramTime {
  Cycles cycles;
  double seconds = 0;
  std::string_view bound_by;  ///< as bound_of() of all nodes together
};

Waits sum_of(std::span<const Waits> waits);

/// The sum of all nodes, as far as bound_of() asks.
NodeReport sum_of(const RunResult& result, std::span<const Waits> waits);

/// Runs the commands without values. Throws InputError on a deadlock.
RunResult walk(CommandSource& commands, std::span<const std::string> nodes,
               const ArrayConfig& array, Observer& observer);

/// Of a walk on `array`.
ProgramTime time_of(const RunResult& result, const ArrayConfig& array,
                    std::span<const Waits> waits);

double seconds_of(Cycles cycles, const ArrayConfig& array);

}  // namespace systol
