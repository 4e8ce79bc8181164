// A part of a design space, so that machines without a common memory can share its points.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace systol {

/// Part `index`, from 0, of `count` parts of nearly one size, each of points that follow one
/// another. For people the first is "1/100".
struct Shard {
  std::uint64_t index = 0;
  std::uint64_t count = 1;

  /// Its points are from begin() to below end(), of `size` in all.
  std::uint64_t begin(std::uint64_t size) const { return size * index / count; }
  std::uint64_t end(std::uint64_t size) const { return size * (index + 1) / count; }
  bool operator==(const Shard&) const = default;
};

/// "3/100".
std::string text_of(const Shard& shard);

/// Reads "3/100". Throws InputError, which begins with `where`, also for more shards than a design
/// space can have points.
Shard parse_shard(std::string_view text, std::string_view where);

}  // namespace systol
