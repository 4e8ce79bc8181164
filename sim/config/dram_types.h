// What data sheets say of a DRAM type: the figures that an array's file starts from.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "sim/config/dram_config.h"

namespace systol {

/// Where a figure comes from.
enum class DramStatus : std::uint8_t {
  DataSheet,   ///< read in a vendor's data sheet
  SecondHand,  ///< read in what somebody else took from a data sheet or a standard
  Assumed,
};
inline constexpr std::array<std::string_view, 3> kDramStatusNames = {"data sheet", "second-hand",
                                                                     "assumed"};

struct DramFigure {
  Picoseconds value;
  DramStatus status = DramStatus::Assumed;
  std::string_view source;
};

inline constexpr std::array<std::string_view, 4> kDramTypeNames = {"ddr3", "ddr4", "lpddr4",
                                                                   "hbm2"};
std::string_view name_of(DramType type);

/// The part whose figures a type's are, and where its shape is said.
std::string_view part_of(DramType type);

/// In the order of DramTime.
std::span<const DramFigure, kDramTimes> figures_of(DramType type);

/// The type's memory, with the mapping, scheduling and queue of this simulator's choice.
DramConfig typical_dram(DramType type);

}  // namespace systol
