// How many bytes of the unified buffer hold something that is still to be read.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "hw/isa/accesses.h"
#include "sim/base/units.h"

namespace systol {

/// A byte counts from the end of the command that wrote it to the end of the last command that
/// read it before it was written again. Commands come in program order.
class BufferOccupancy {
 public:
  /// Of an array with PEs of this type.
  explicit BufferOccupancy(isa::PeType pe) : pe_(pe) {}

  /// `end`: when the command is complete.
  void add(const isa::Operation& operation, Cycles end);

  /// The bytes in use from each point of time on, sorted.
  std::vector<std::pair<Cycles, std::int64_t>> finish();

 private:
  struct Piece {
    std::uint64_t end = 0;
    Cycles written;
    Cycles read;  ///< end of the last reader; before `written` if there was none
  };

  void add(const isa::Access& access, Cycles at);
  void write(std::uint64_t from, std::uint64_t to, Cycles at);
  void read(std::uint64_t from, std::uint64_t to, Cycles at);
  void split(std::uint64_t address);
  void retire(const std::map<std::uint64_t, Piece>::value_type& piece);

  isa::PeType pe_;
  std::map<std::uint64_t, Piece> pieces_;  ///< by first address; none overlap
  std::map<Cycles, std::int64_t> changes_;
};

}  // namespace systol
