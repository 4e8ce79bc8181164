// The array while a tile goes through it, for a report to show.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/units.h"

namespace systol {

/// During one cycle; PE (r, c) is at r * columns + c.
struct WavefrontCycle {
  std::string ledger;                    ///< the class of the cycle
  std::vector<std::int8_t> weights;      ///< active; with sums in place as passed on downwards
  std::vector<std::int8_t> shadows;      ///< weights on their way to become active
  std::vector<std::int8_t> activations;  ///< as passed on to the right
  std::vector<std::int32_t> sums;        ///< as passed on downwards, or in place
  std::vector<std::uint8_t> marks;       ///< which of the first three are there: their bits
};
inline constexpr std::uint8_t kWeightMark = 1;
inline constexpr std::uint8_t kShadowMark = 2;
inline constexpr std::uint8_t kActivationMark = 4;

struct Wavefront {
  std::string layer;
  Cycles from;  ///< of the first of `cycles`; they follow each other
  Cycles to;    ///< where the tile's cycles end; there may be fewer here
  std::vector<WavefrontCycle> cycles;
  std::string missing;  ///< why there are none
};

}  // namespace systol
