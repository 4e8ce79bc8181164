// The commands of a program that several walks go through.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "host/compile/program.h"
#include "sim/device.h"

namespace systol {

/// Making a command takes longer than a walk's step, so that those of a short program are kept from
/// the first walk. Of a longer one they are made again for each.
class KeptCommands {
 public:
  /// A hundred megabytes.
  static constexpr std::size_t kMost = std::size_t{1} << 18U;

  /// `program` must outlive it.
  explicit KeptCommands(const NetworkProgram& program) : program_(program) {}

  /// To be gone through to its end before again() is called; it must not outlive this.
  std::unique_ptr<CommandSource> first();
  /// The same commands; it must not outlive this.
  std::unique_ptr<CommandSource> again() const;

 private:
  const NetworkProgram& program_;
  std::vector<isa::Command> kept_;
};

}  // namespace systol
