// The colour of each class of cycles, wherever a page shows it.
#pragma once

#include <array>

#include "sim/device.h"

namespace systol {

/// In the order of CycleClass. They stay apart for those who are colour-blind, too.
inline constexpr std::array<const char*, kCycleClasses> kClassColours = {
    "#0b5cad", "#e69f00", "#f5d76e", "#d55e00", "#cc79a7", "#009e73", "#a9b3bd"};

}  // namespace systol
