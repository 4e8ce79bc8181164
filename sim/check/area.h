// A set of addresses that a walk touches, and what two such sets share.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "hw/isa/walk.h"

namespace systol {

/// Intervals of `size` addresses at address + i * stride[0] + j * stride[1] + k * stride[2], by
/// growing strides. Intervals that touch are one: `size` is below the smallest stride. Two walks
/// over the same addresses in another order are the same area, as a rule.
class Area {
 public:
  struct Loop {
    std::uint64_t count = 0;
    std::uint64_t stride = 0;
    bool operator==(const Loop&) const = default;
  };

  Area() = default;
  /// Of a walk that fits a memory: every count is at least 1, and nothing overflows.
  explicit Area(const isa::Pieces& pieces);
  Area(std::uint64_t address, std::uint64_t size) : address_(address), size_(size) {}

  std::uint64_t address() const { return address_; }
  std::uint64_t size() const { return size_; }
  std::uint64_t end() const;
  std::size_t depth() const { return depth_; }  ///< loops
  const Loop& outermost() const { return loops_[depth_ - 1]; }
  /// What one turn of the outermost loop touches: turn `turn` of it.
  Area turn(std::uint64_t turn) const;
  /// The outermost loop's turns lie apart, one after the other.
  bool apart_by_turns() const;
  bool has(std::uint64_t at) const { return end_from(at) > at; }
  /// The end of an interval that `at` lies in, or `at` if it lies in none.
  std::uint64_t end_from(std::uint64_t at) const;

  bool operator==(const Area&) const = default;

 private:
  void add_loop(const Loop& loop);
  void join();

  std::uint64_t address_ = 0;
  std::uint64_t size_ = 0;
  std::array<Loop, isa::Walk::kLoops> loops_{};
  std::size_t depth_ = 0;
};

struct AreaHash {
  std::size_t operator()(const Area& area) const;
};

/// Counts the steps that comparisons take, so that they are bounded.
struct StepsLeft {
  std::uint64_t left = 0;
};
/// Thrown when none are left.
struct TooManySteps {};

/// The first address that is in both. Two areas of one loop each take a step, whatever their
/// counts; with more loops, what lies side by side is compared turn by turn.
std::optional<std::uint64_t> first_shared(const Area& a, const Area& b, StepsLeft& steps);

}  // namespace systol
