// Walks to draw, and the addresses that they touch, one by one.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <set>

#include "hw/isa/walk.h"

namespace systol {

/// The addresses of a walk's pieces.
inline std::set<std::uint64_t> addresses(const isa::Pieces& pieces) {
  std::set<std::uint64_t> all;
  pieces.walk.for_each([&](std::uint64_t address) {
    for (std::uint64_t i = 0; i < pieces.bytes; ++i) {
      all.insert(address + i);
    }
  });
  return all;
}

/// Up to three loops below address 600, of the few strides that make walks alike, or of any.
inline isa::Pieces draw_pieces(std::mt19937& random) {
  constexpr std::array<std::uint64_t, 4> kStrides = {5, 12, 30, 60};
  isa::Pieces pieces{isa::Walk(random() % 150), 1 + random() % (random() % 4 != 0 ? 8 : 40)};
  for (std::size_t i = random() % 4; i-- > 0;) {
    isa::Walk::Loop& loop = pieces.walk.loops[isa::Walk::kLoops - 1 - i];
    loop.count = 1 + random() % 5;
    loop.stride = random() % 3 == 0 ? random() % 40 : kStrides[random() % kStrides.size()];
  }
  return pieces;
}

}  // namespace systol
