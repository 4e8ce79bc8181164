// Which bytes of the memories a program's segments give; an implementation detail of its readers.
#pragma once

#include <array>
#include <iterator>
#include <map>

#include "hw/isa/command.h"

namespace systol::isa {

class DataRanges {
 public:
  /// Adds `count` bytes from `first` on. False if an earlier call has added one of them.
  bool add(Space space, std::uint64_t first, std::uint64_t count) {
    std::map<std::uint64_t, std::uint64_t>& ends = ends_[static_cast<std::size_t>(space)];
    if (count == 0) {
      return true;
    }
    const auto next = ends.upper_bound(first);
    if (next != ends.end() && next->first - first < count) {
      return false;
    }
    if (next == ends.begin() || std::prev(next)->second < first) {
      ends.emplace(first, first + count);
      return true;
    }
    // A segment comes line by line: what continues a range makes it longer.
    const bool free = std::prev(next)->second == first;
    std::prev(next)->second = free ? first + count : std::prev(next)->second;
    return free;
  }

 private:
  std::array<std::map<std::uint64_t, std::uint64_t>, kSpaces> ends_;  ///< by the ranges' starts
};

}  // namespace systol::isa
