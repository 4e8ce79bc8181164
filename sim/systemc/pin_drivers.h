// Whose command drives the units' pins: what the pins themselves do not say.
#pragma once

#include <cstdint>

namespace systol {

/// Of a group of pins: the command's node, and how many lanes carry values; the rest is padding.
struct PinDriver {
  std::uint32_t node = 0;
  std::uint32_t lanes = 0;
  std::int8_t zero_point = 0;  ///< of what is fed: the value that stands for 0
};

/// Of a cycle; those of groups that are not valid do not matter.
struct PinDrivers {
  PinDriver weights;
  PinDriver feed;
  PinDriver drain;
  PinDriver activate;
  PinDriver vector;
};

}  // namespace systol
