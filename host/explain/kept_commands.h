// The commands of a program that several walks go through.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "host/compile/program.h"
#include "sim/config/array_config.h"
#include "sim/device.h"
#include "sim/timed_command.h"

namespace systol {

/// Making a command takes longer than a walk's step, so that what times need of those of a short
/// program is kept from the first walk. Of a longer one they are made again for each.
class KeptCommands {
 public:
  static constexpr std::size_t kMost = std::size_t{1} << 22U;  ///< 170 MB
  /// Requests to memories with banks, whose addresses are kept, too: a hundred megabytes.
  static constexpr std::size_t kMostOperations = std::size_t{1} << 18U;

  /// Both must outlive it.
  KeptCommands(const NetworkProgram& program, const ArrayConfig& array)
      : KeptCommands(program, array, kMost) {}
  KeptCommands(const NetworkProgram& program, const ArrayConfig& array, std::size_t most);

  /// To be gone through to its end before again() is called; it must not outlive this.
  std::unique_ptr<CommandSource> first();
  /// The same commands, as far as time goes; it must not outlive this.
  std::unique_ptr<TimedSource> again() const;

 private:
  class KeepingSource;
  void keep(const isa::Command& command);
  void forget();

  const NetworkProgram& program_;
  const ArrayConfig& array_;
  std::size_t most_;
  bool banks_;
  bool too_many_ = false;
  std::vector<TimedCommand> kept_;
  std::deque<isa::Operation> operations_;  ///< of requests, where their addresses matter
};

/// What times need of commands that come one after another.
class TimedCommands : public TimedSource {
 public:
  /// `array` must outlive it.
  TimedCommands(std::unique_ptr<CommandSource> source, const ArrayConfig& array);
  bool next(TimedCommand& command) override;

 private:
  std::unique_ptr<CommandSource> source_;
  const ArrayConfig& array_;
  bool banks_;
  isa::Command command_;
  std::deque<isa::Operation> operations_;  ///< of the last requests
};

}  // namespace systol
