// Whether one command alone makes sense on this array: its sizes and its address ranges.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "hw/isa/command.h"
#include "sim/config/array_config.h"

namespace systol {

/// Why a program is refused whose walks are not compared in AccessHistory::kMostSteps steps.
inline constexpr const char* kTooInterleaved =
    "its walks lie between those of earlier commands in so many ways that it takes more than "
    "1048576 comparisons to tell whether they meet; larger pieces or fewer loops are needed";

/// What is wrong, in words that follow "command N (...): ", or "" if nothing is.
std::string check_fields(const isa::Operation& operation, const ArrayConfig& config,
                         const std::array<std::uint64_t, isa::kSpaces>& space_bytes);

}  // namespace systol
