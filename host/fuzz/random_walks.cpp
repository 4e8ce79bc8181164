#include "host/fuzz/random_walks.h"

#include <algorithm>
#include <stdexcept>

namespace systol {
namespace {

/// What is left of the range; a walk that does not fit would go on anywhere.
std::uint64_t left_over(std::uint64_t bytes, std::uint64_t low, std::uint64_t high) {
  if (low > high || bytes > high - low) {
    throw std::logic_error("a drawn walk does not fit into its range");
  }
  return high - low - bytes;
}

}  // namespace

std::uint32_t RandomWalks::between(std::uint64_t low, std::uint64_t high) {
  return static_cast<std::uint32_t>(low + random_.next() % (high - low + 1));
}

std::int32_t RandomWalks::around_zero(std::int32_t limit) {
  return static_cast<std::int32_t>(between(0, 2 * static_cast<std::uint64_t>(limit) - 2)) -
         (limit - 1);
}

std::uint32_t RandomWalks::divisor(std::uint64_t of) {
  std::uint32_t part = 1;
  do {
    part = between(1, of);
  } while (of % part != 0);
  return part;
}

/// `count` as the product of three numbers, the first of which are 1 for fewer loops.
std::array<std::uint64_t, 3> RandomWalks::factors(std::uint64_t count, std::size_t loops) {
  std::array<std::uint64_t, 3> parts = {1, 1, 1};
  for (std::size_t i = 3 - loops; i < 3; ++i) {
    parts[i] = divisor(count);
    count /= parts[i];
  }
  parts[between(3 - loops, 2)] *= count;
  return parts;
}

isa::Walk RandomWalks::read(std::uint64_t count, std::uint64_t bytes, std::uint64_t low,
                            std::uint64_t high, std::size_t loops) {
  isa::Walk walk;
  std::uint64_t left = left_over(bytes, low, high);
  const std::array<std::uint64_t, 3> counts = factors(count, loops);
  for (std::size_t i = 0; i < 3; ++i) {
    walk.loops[i].count = counts[i];
    if (counts[i] > 1) {
      walk.loops[i].stride = between(0, std::min<std::uint64_t>(left / (counts[i] - 1), 200));
      left -= (counts[i] - 1) * walk.loops[i].stride;
    }
  }
  walk.base = low + between(0, left);
  return walk;
}

isa::Walk RandomWalks::write(std::uint64_t count, std::uint64_t bytes, std::uint64_t low,
                             std::uint64_t high, std::size_t loops) {
  isa::Walk walk;
  const std::array<std::uint64_t, 3> counts = factors(count, loops);
  std::array<std::size_t, 3> order = {0, 1, 2};
  std::swap(order[0], order[between(0, 2)]);
  std::swap(order[1], order[between(1, 2)]);
  // Gaps of three loops fit in what is left over.
  const std::uint64_t widest =
      std::min<std::uint64_t>(left_over(bytes * count, low, high) / (3 * count), 7);
  std::uint64_t span = bytes;
  for (const std::size_t i : order) {
    walk.loops[i].count = counts[i];
    if (counts[i] > 1) {
      walk.loops[i].stride = span + between(0, widest);
      span += (counts[i] - 1) * walk.loops[i].stride;
    }
  }
  walk.base = low + between(0, high - low - span);
  return walk;
}

}  // namespace systol
