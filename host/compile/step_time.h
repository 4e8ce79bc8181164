// How long a layer's bands take, by their commands.
#pragma once

#include <optional>
#include <vector>

#include "host/compile/plan.h"
#include "sim/base/units.h"

namespace systol {

/// A step of the matrix unit, alone on the machine: what of its tensors lies in the buffer is there
/// from the start.
class StepTime {
 public:
  /// Commands of a step that is timed: at least, by its tiles alone, and of the bands that are. A
  /// thousand take half a millisecond.
  static constexpr std::size_t kShort = 4096;
  static constexpr std::size_t kMostCommands = 4 * kShort;

  /// Step `i` of a plan whose tensors are about to be placed; `spilled`, by the plan's tensors,
  /// says which lie in memory.
  StepTime(const Plan& plan, std::size_t i, const std::vector<bool>& spilled);

  /// Whether the step is all of a network, since others overlap with those beside them, takes few
  /// enough commands, and reads no signs: those are refused where they do not fit.
  static bool is_known(const Plan& plan, std::size_t i);

  /// With such bands, of which `areas` has the areas; nothing where they take too many commands.
  std::optional<Cycles> of(const Bands& bands, const std::vector<BufferArea>& areas);

 private:
  Plan alone_;
  std::uint64_t tensors_end_ = 0;  ///< in the buffer
};

}  // namespace systol
