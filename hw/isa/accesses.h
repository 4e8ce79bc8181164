// What each command reads and writes, and where.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "hw/isa/command.h"

namespace systol::isa {

/// Address ranges that do not overlap each other. Addresses count bytes; in the accumulators they
/// count rows.
enum class Region : std::uint8_t { Buffer, Accumulators, Weights, Activations };
inline constexpr int kRegions = 4;

Region region_of(Space space);

/// The units that have commands that read, or write, a region.
UnitSet readers_of(Region region);
UnitSet writers_of(Region region);

struct Access {
  Region region = Region::Buffer;
  bool write = false;
  Pieces pieces;
  std::uint64_t end() const { return pieces.walk.end(pieces.bytes); }
};

/// At most five accesses, in the order in which a message should mention them.
class Accesses {
 public:
  Accesses() {}
  void add(const Access& access) { std::construct_at(&items[count_++], access); }
  const Access* begin() const { return &items[0]; }
  const Access* end() const { return begin() + count_; }

 private:
  union {  // most commands have two: the others are not even made
    Access items[5];
  };
  std::size_t count_ = 0;
};

/// On an array of this type of PEs.
Accesses accesses_of(const Operation& operation, PeType pe);

/// "buffer 0x100..0x1ff", "accumulator rows 0..99"; both ends included.
std::string describe_range(Region region, std::uint64_t first, std::uint64_t last);

}  // namespace systol::isa
