// Random numbers and walks.
#pragma once

#include <array>
#include <cstdint>

#include "host/import/synthetic.h"
#include "hw/isa/walk.h"

namespace systol {

class RandomWalks {
 public:
  explicit RandomWalks(SplitMix64 random) : random_(random) {}

  std::uint64_t next() { return random_.next(); }
  /// `low` to `high`.
  std::uint32_t between(std::uint64_t low, std::uint64_t high);
  /// -limit + 1 to limit - 1.
  std::int32_t around_zero(std::int32_t limit);
  /// A number that divides `of`.
  std::uint32_t divisor(std::uint64_t of);

  // Both throw std::logic_error for what does not fit.
  /// `count` pieces that may overlap, in [low, high), in at most `loops` loops.
  isa::Walk read(std::uint64_t count, std::uint64_t bytes, std::uint64_t low, std::uint64_t high,
                 std::size_t loops = isa::Walk::kLoops);
  /// `count` pieces that do not overlap, in [low, high), with the loops in any order.
  isa::Walk write(std::uint64_t count, std::uint64_t bytes, std::uint64_t low, std::uint64_t high,
                  std::size_t loops = isa::Walk::kLoops);

 private:
  std::array<std::uint64_t, 3> factors(std::uint64_t count, std::size_t loops);

  SplitMix64 random_;
};

}  // namespace systol
