// A program's times on machines that differ from its own in one parameter.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "host/explain/kept_commands.h"
#include "host/explain/parameter.h"
#include "host/explain/prediction.h"

namespace systol {

class Retiming {
 public:
  /// `result` and `waits` are of the run on `array`. All must outlive it.
  Retiming(const KeptCommands& commands, const ArrayConfig& array, const RunResult& result,
           std::span<const Waits> waits);

  /// With what binds the program then. Throws InputError on a deadlock.
  ProgramTime with(const Change& change) const;

 private:
  /// Whether rows are fed in half of the cycles or more: nothing else can bind it then.
  bool feeds_most(Cycles cycles) const;
  std::string_view bound_with(const Waits& waits) const;

  const KeptCommands& commands_;
  const ArrayConfig& array_;
  std::size_t nodes_;
  NodeReport now_;  ///< of all nodes together
};

}  // namespace systol
