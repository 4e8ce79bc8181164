// Which banks of the chip's SRAMs commands access, by their fields alone: how the fast engine
// counts, in a time that does not depend on how many pieces a walk has.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hw/isa/command.h"
#include "sim/config/array_config.h"
#include "sim/sram_activity.h"

namespace systol {

/// Accesses to an SRAM whose bytes take turns over its banks.
class InterleavedBanks {
 public:
  explicit InterleavedBanks(std::uint32_t banks) : counts_(banks), starts_(banks), sums_(banks) {}

  /// `times` accesses to each byte of each piece of `bytes` bytes that the walk has, and that at
  /// each of its places the window has, whose base is 0.
  void add(const isa::Walk& walk, std::uint64_t bytes, std::uint64_t times = 1,
           const isa::Walk& window = isa::Walk());

  std::vector<std::uint64_t> counts() const;

 private:
  void repeat(std::uint64_t count, std::uint64_t stride);

  std::uint64_t in_all_ = 0;           ///< accesses that every bank has
  std::vector<std::uint64_t> counts_;  ///< and those beside
  std::vector<std::uint64_t> starts_;  ///< of the walk that is added
  std::vector<std::uint64_t> sums_;
};

/// Accesses to an SRAM with a bank for each column, of commands that use the first columns.
class ColumnBanks {
 public:
  explicit ColumnBanks(std::uint32_t columns) : last_(columns) {}

  void add(std::uint32_t columns, std::uint64_t rows) {
    if (columns > 0 && columns <= last_.size()) {
      last_[columns - 1] += rows;
    }
  }
  std::vector<std::uint64_t> counts() const;

 private:
  std::vector<std::uint64_t> last_;  ///< by the last column that is used
};

/// All that a run's commands access. The clocked engines do not use this: they count what they see
/// happen.
class CommandBanks {
 public:
  explicit CommandBanks(const ArrayConfig& config);

  /// A tile's way through the FIFO is counted as count_actions() does.
  void count(const isa::Operation& operation);
  SramActivity activity() const;

 private:
  struct Counter;

  const ArrayConfig& config_;
  InterleavedBanks buffer_reads_, buffer_writes_;
  ColumnBanks fifo_reads_, fifo_writes_;
  ColumnBanks accumulator_reads_, accumulator_writes_;
};

}  // namespace systol
