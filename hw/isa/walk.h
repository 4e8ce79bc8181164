// How a command walks over pieces of memory: a base address and up to three nested loops.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

namespace systol::isa {

/// `a + b` and `a * b`, or the largest number where they are larger: no address is that large, so
/// that what overflows never fits anywhere.
constexpr std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) {
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}
constexpr std::uint64_t saturating_multiply(std::uint64_t a, std::uint64_t b) {
  return a != 0 && b > UINT64_MAX / a ? UINT64_MAX : a * b;
}

/// The places of `count()` pieces, in order: one for each turn of three nested loops, each of
/// `count` turns that are `stride` bytes apart. Strides may be smaller than a piece, or 0: then
/// pieces that are read overlap. What the piece is, the command says.
struct Walk {
  struct Loop {
    std::uint64_t count = 1;
    std::uint64_t stride = 0;
    constexpr bool operator==(const Loop&) const = default;
  };
  static constexpr std::size_t kLoops = 3;

  std::uint64_t base = 0;
  /// The outermost first; those that are not needed come first. (g++ 12 gives the last one a count
  /// of 0 in constant expressions where all three are left to `{}`.)
  std::array<Loop, kLoops> loops = {Loop{}, Loop{}, Loop{}};

  constexpr Walk() = default;
  /// One piece.
  constexpr explicit Walk(std::uint64_t address) : base(address) {}
  /// One loop; none for one piece, whose stride says nothing.
  constexpr Walk(std::uint64_t address, std::uint64_t count, std::uint64_t stride) : base(address) {
    if (count != 1) {
      loops.back() = {count, stride};
    }
  }
  /// Up to three loops, the outermost first.
  constexpr Walk(std::uint64_t address, std::initializer_list<Loop> nested) : base(address) {
    std::size_t i = kLoops - nested.size();
    for (const Loop& loop : nested) {
      loops[i++] = loop;
    }
  }
  constexpr bool operator==(const Walk&) const = default;

  /// How many pieces; saturates.
  constexpr std::uint64_t count() const {
    std::uint64_t product = 1;
    for (const Loop& loop : loops) {
      product = saturating_multiply(product, loop.count);
    }
    return product;
  }
  /// The address of piece `piece`, which is below count().
  constexpr std::uint64_t at(std::uint64_t piece) const {
    std::uint64_t address = base;
    for (std::size_t i = kLoops; i-- > 0 && piece > 0;) {
      address += piece % loops[i].count * loops[i].stride;
      piece /= loops[i].count;
    }
    return address;
  }
  /// The end of the piece that lies furthest up, for pieces of `bytes` bytes; saturates. Every
  /// count is at least 1.
  constexpr std::uint64_t end(std::uint64_t bytes) const {
    std::uint64_t end = saturating_add(base, bytes);
    for (const Loop& loop : loops) {
      end = saturating_add(end, saturating_multiply(loop.count - 1, loop.stride));
    }
    return end;
  }
  /// Calls `action(address)` for each piece, in order.
  template <class Action>
  constexpr void for_each(Action&& action) const {
    for (std::uint64_t i = 0; i < loops[0].count; ++i) {
      for (std::uint64_t j = 0; j < loops[1].count; ++j) {
        std::uint64_t address = base + i * loops[0].stride + j * loops[1].stride;
        for (std::uint64_t k = 0; k < loops[2].count; ++k, address += loops[2].stride) {
          action(address);
        }
      }
    }
  }
};

/// The loops from the first that does anything on: what both forms of a program write.
constexpr std::span<const Walk::Loop> used_loops(const Walk& walk) {
  std::span<const Walk::Loop> loops = walk.loops;
  while (!loops.empty() && loops.front() == Walk::Loop{}) {
    loops = loops.subspan(1);
  }
  return loops;
}

/// The same addresses in the same order with as few loops as there can be. Of a walk that fits a
/// memory.
constexpr Walk joined(const Walk& walk) {
  Walk result(walk.base);
  std::size_t outermost = Walk::kLoops;  // of the result; from here on loops are in use
  for (std::size_t i = Walk::kLoops; i-- > 0;) {
    const Walk::Loop& loop = walk.loops[i];
    if (loop.count == 1) {
      continue;
    }
    if (outermost < Walk::kLoops) {
      Walk::Loop& inner = result.loops[outermost];
      if (loop.stride == inner.count * inner.stride) {
        inner.count *= loop.count;
        continue;
      }
    }
    result.loops[--outermost] = loop;
  }
  return result;
}

/// A walk over pieces of `bytes` bytes.
struct Pieces {
  Walk walk;
  std::uint64_t bytes = 0;
  constexpr bool operator==(const Pieces&) const = default;
};

/// The same bytes in the same order, in as few pieces as there can be: what a memory is asked for.
constexpr Pieces merged(const Walk& walk, std::uint64_t bytes) {
  Pieces pieces{joined(walk), bytes};
  auto& loops = pieces.walk.loops;
  if (loops.back().count > 1 && loops.back().stride == bytes) {
    pieces.bytes *= loops.back().count;
    std::copy_backward(loops.begin(), loops.end() - 1, loops.end());
    loops.front() = {};
  }
  return pieces;
}

}  // namespace systol::isa
