// Why a run takes as long as it does, and what would make it shorter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/explain/chain_groups.h"
#include "host/explain/parameter.h"
#include "host/explain/prediction.h"
#include "host/report/fitted_table.h"
#include "host/session/prepared.h"
#include "host/session/progress.h"

namespace systol {

/// What the program takes with a value of a parameter.
struct StepEffect {
  std::uint64_t value = 0;
  ProgramTime time;
};

/// What a parameter alone can do for the program, which stays as it is.
struct ParameterEffect {
  Parameter parameter;
  std::string key;
  std::uint64_t now = 0;
  /// In the order of better_values(), of which the last is always among them; where that gains
  /// kLeastGain or more also the first, and what was tried between them.
  std::vector<StepEffect> steps;
  /// Of `steps`: the first that gains kMostOfGain of what the last one gains; none where that is
  /// less than kLeastGain.
  std::optional<std::size_t> enough;
};
inline constexpr double kLeastGain = 0.005;  ///< of the program's time
inline constexpr double kMostOfGain = 0.9;
inline constexpr std::size_t kBestChanges = 3;

struct ExplainedNode {
  std::string name;
  Cycles cycles;
  std::string_view bound_by;
  Waits waits{};
};

struct Explanation {
  std::string model;
  ArrayConfig array;
  std::uint32_t batch = 1;
  ProgramTime time;
  Ledger ledger;
  Waits waits{};
  std::vector<ExplainedNode> nodes;
  std::vector<ChainGroup> chains;        ///< of most cycles first
  std::vector<ParameterEffect> effects;  ///< by parameters_of()
  std::vector<std::size_t> best;  ///< of `effects`: those that gain most, at most kBestChanges
  std::string command_line;
};

/// Compiles the model for the array, `batch` samples at a time, and runs its commands again and
/// again, without values, with one parameter changed; on up to `threads` threads. Throws InputError
/// for what the machine cannot run. `progress` is called by one thread at a time.
Explanation explain(const Prepared& prepared, const ArrayConfig& array, std::uint32_t batch,
                    unsigned threads, const Progress& progress = {});

/// As tables for `width` columns and sentences; at most `chains` chains of commands.
std::string to_text(const Explanation& explanation, std::size_t chains,
                    std::size_t width = kAnyWidth);

}  // namespace systol
