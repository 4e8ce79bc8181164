// Which PEs of the array do useful work, and how often.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "hw/isa/command.h"

namespace systol {

/// Counts useful multiplications of each PE: what Action::MacsUseful counts, PE by PE. A tile lies
/// in the array's upper left corner.
class ArrayUse {
 public:
  void add(const isa::Operation& operation);

  /// Useful multiplications of PE (r, c) at r * columns + c. Their sum is the run's MacsUseful.
  std::vector<std::uint64_t> pes(std::uint32_t rows, std::uint32_t columns) const;

 private:
  /// Steps in which a corner of so many rows and columns worked. There are as many corners as
  /// PEs at most, and mostly few.
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> corners_;
};

}  // namespace systol
