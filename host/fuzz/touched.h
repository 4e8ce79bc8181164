// Who touched what: the order that random programs need, found byte by byte.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "host/compile/schedule.h"
#include "hw/isa/accesses.h"

namespace systol {

/// The last commands that touched each byte, or accumulator row, by unit.
class Touched {
 public:
  /// `sizes` in the order of isa::Region.
  explicit Touched(const std::array<std::uint64_t, isa::kRegions>& sizes) {
    for (std::size_t region = 0; region < sizes.size(); ++region) {
      readers_[region].resize(sizes[region]);
      writers_[region].resize(sizes[region]);
    }
  }

  /// The commands that `access` must follow.
  void collect(const isa::Access& access, std::vector<std::optional<CommandId>>& after) const {
    for_each_byte(access, [&](std::size_t region, std::uint64_t at) {
      const ByUnit& writers = writers_[region][at];
      after.insert(after.end(), writers.begin(), writers.end());
      if (access.write) {
        const ByUnit& readers = readers_[region][at];
        after.insert(after.end(), readers.begin(), readers.end());
      }
    });
  }
  void note(const isa::Access& access, CommandId id) {
    for_each_byte(access, [&](std::size_t region, std::uint64_t at) {
      (access.write ? writers_ : readers_)[region][at][static_cast<std::size_t>(id.unit)] = id;
    });
  }

 private:
  using ByUnit = std::array<std::optional<CommandId>, isa::kUnits>;
  using Bytes = std::array<std::vector<ByUnit>, isa::kRegions>;

  template <class Action>
  static void for_each_byte(const isa::Access& access, Action&& action) {
    access.pieces.walk.for_each([&](std::uint64_t address) {
      for (std::uint64_t i = 0; i < access.pieces.bytes; ++i) {
        action(static_cast<std::size_t>(access.region), address + i);
      }
    });
  }

  Bytes readers_;
  Bytes writers_;
};

}  // namespace systol
