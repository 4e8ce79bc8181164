#include "host/compile/placement.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace systol {
namespace {

struct Range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// The lowest, or the highest, free `size` bytes between the `taken` ranges.
std::optional<std::uint64_t> gap(std::vector<Range> taken, std::uint64_t size,
                                 std::uint64_t capacity, bool high) {
  std::ranges::sort(taken, {}, &Range::begin);
  taken.push_back({capacity, capacity});
  std::optional<std::uint64_t> found;
  std::uint64_t free = 0;
  for (const Range& range : taken) {
    if (range.begin >= free + size && (high || !found)) {
      found = high ? range.begin - size : free;
    }
    free = std::max(free, range.end);
  }
  return found;
}

std::optional<std::vector<std::uint64_t>> place_in_order(const std::vector<Lifetime>& lifetimes,
                                                         const std::vector<std::size_t>& order,
                                                         std::uint64_t rows, std::uint64_t capacity,
                                                         bool both_ends = true) {
  std::vector<std::uint64_t> offsets(lifetimes.size());
  std::vector<std::size_t> placed;
  for (const std::size_t i : order) {
    std::vector<Range> taken;
    for (const std::size_t other : placed) {
      if (lifetimes[i].meets(lifetimes[other])) {
        taken.push_back({offsets[other], offsets[other] + lifetimes[other].bytes(rows)});
      }
    }
    const auto offset = gap(taken, lifetimes[i].bytes(rows), capacity, both_ends && i % 2 == 1);
    if (!offset) {
      return std::nullopt;
    }
    offsets[i] = *offset;
    placed.push_back(i);
  }
  return offsets;
}

}  // namespace

std::optional<std::vector<std::uint64_t>> place(const std::vector<Lifetime>& lifetimes,
                                                std::uint64_t rows, std::uint64_t capacity) {
  std::vector<std::size_t> order(lifetimes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (auto offsets = place_in_order(lifetimes, order, rows, capacity)) {
    return offsets;
  }
  // The largest first leaves fewer gaps where many tensors live long.
  std::ranges::stable_sort(order, std::greater<>(),
                           [&](std::size_t i) { return lifetimes[i].bytes(rows); });
  if (auto offsets = place_in_order(lifetimes, order, rows, capacity)) {
    return offsets;
  }
  // What lives longest first, at one end, leaves the rest in one piece.
  std::ranges::stable_sort(order, std::greater<>(),
                           [&](std::size_t i) { return lifetimes[i].last - lifetimes[i].first; });
  return place_in_order(lifetimes, order, rows, capacity, false);
}

std::uint32_t rows_that_fit(const std::vector<Lifetime>& lifetimes, std::uint64_t capacity,
                            std::uint32_t limit) {
  constexpr std::uint64_t kSmallerBy = 16;  // a share that wastes little and takes few attempts
  std::uint64_t rows =
      std::min<std::uint64_t>(limit, capacity / std::max<std::uint64_t>(1, peak_bytes(lifetimes)));
  while (rows > 0 && !place(lifetimes, rows, capacity)) {
    rows -= std::max<std::uint64_t>(1, rows / kSmallerBy);
  }
  return static_cast<std::uint32_t>(rows);
}

}  // namespace systol
