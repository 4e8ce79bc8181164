// What each command reads and writes, and where.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "hw/isa/command.h"

namespace systol {

/// Address ranges that do not overlap each other. Addresses count bytes; in the accumulators they
/// count rows.
enum class Region : std::uint8_t { Buffer, Accumulators, Weights, Activations };
inline constexpr int kRegions = 4;

Region region_of(isa::Space space);

/// `rows` pieces of `row_size`, `stride` apart.
struct Access {
  Region region = Region::Buffer;
  bool write = false;
  std::uint64_t address = 0;
  std::uint64_t stride = 0;
  std::uint64_t rows = 0;
  std::uint64_t row_size = 0;
};

/// At most three accesses, in the order in which a message should mention them.
class Accesses {
 public:
  void add(const Access& access) { items_[count_++] = access; }
  const Access* begin() const { return items_.data(); }
  const Access* end() const { return items_.data() + count_; }

 private:
  std::array<Access, 3> items_;
  std::size_t count_ = 0;
};

Accesses accesses_of(const isa::Operation& operation);

/// "buffer 0x100..0x1ff", "accumulator rows 0..99"; both ends included.
std::string describe_range(Region region, std::uint64_t first, std::uint64_t last);

}  // namespace systol
