// What one unit has read, or written, in program order.
#pragma once

#include <cstdint>
#include <list>
#include <vector>

#include "sim/check/area.h"

namespace systol {

/// An area that is touched again is kept once, as the last one.
class AccessLog {
 public:
  struct Entry {
    Area area;
    std::uint64_t command;
    std::size_t hash;  ///< the area's
  };
  using Entries = std::list<Entry>;

  /// `command` touches the area; it comes after those of all other entries.
  void enter(const Area& area, std::uint64_t command);
  void forget_up_to(std::uint64_t command);

  const Entries& entries() const { return entries_; }

 private:
  /// In an open table, each in the first free place from its hash on.
  struct Place {
    bool taken = false;
    Entries::iterator entry;
  };

  /// Where the area is, or else the free place where it would be.
  std::size_t place_of(const Area& area, std::size_t hash) const;
  std::size_t after(std::size_t place) const { return (place + 1) & (places_.size() - 1); }
  void grow();
  void free(std::size_t place);

  Entries entries_;
  Entries spare_;  ///< whose memory is used again
  std::vector<Place> places_ = std::vector<Place>(16);
};

}  // namespace systol
