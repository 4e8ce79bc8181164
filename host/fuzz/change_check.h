// Runs a program on a machine with one parameter changed, and compares what was predicted.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "host/explain/parameter.h"
#include "host/fuzz/equality.h"

namespace systol {

struct ChangeCheckOptions {
  std::uint64_t cases = 1'000;
  std::uint64_t seed = 1;
  std::function<void(std::uint64_t done)> progress;  ///< may be empty
};

struct ChangeCheck {
  std::uint64_t cases = 0;    ///< that were checked
  std::uint64_t changed = 0;  ///< of them, those whose cycles the change changed
  std::uint64_t refused = 0;  ///< those that deadlock with the change, as was predicted
  std::string difference;     ///< of the first wrong prediction, as a sentence; empty without one
};

/// Draws programs and machines as fuzz() does, changes one parameter of each to a better or a worse
/// value, and holds time_of() to what the "systemc" engine of `make_engine` takes, to the cycle.
ChangeCheck check_changes(const ChangeCheckOptions& options, const EngineMaker& make_engine);

/// Another value of one of the parameters, better or worse, that an array's file may have.
Change draw_change(SplitMix64& random, const ArrayConfig& config);

}  // namespace systol
