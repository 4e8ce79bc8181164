// All combinations of some axes, by number.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "host/sweep/axis.h"

namespace systol {

/// Most points of one design space.
inline constexpr std::uint64_t kMostPoints = 100'000'000;

/// How many combinations there are, the one of no axes among them. Throws InputError, which begins
/// with `where`, for more than kMostPoints.
std::uint64_t grid_size(const std::vector<Axis>& axes, std::string_view where);

/// Of combination `number`, from 0: the last axis changes first.
std::vector<Setting> grid_settings(const std::vector<Axis>& axes, std::uint64_t number);

}  // namespace systol
