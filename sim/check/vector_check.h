// Whether the fields of the vector unit's commands are what the unit can do.
#pragma once

#include <string>

#include "hw/isa/command.h"

namespace systol {

/// The places of a window: more could overflow the lanes' sums of 48 bits.
inline constexpr std::uint64_t kMostPlaces = 65'536;
/// Operands' multipliers are below these in magnitude, so that what a lane makes of its operands
/// fits 32 bits before it is joined.
inline constexpr std::int32_t kNarrowMultiplierLimit = 1 << 21;
inline constexpr std::int32_t kWideMultiplierLimit = 1 << 13;
/// An int8 operand's zero point is at most this in magnitude.
inline constexpr std::int32_t kNarrowZeroPointLimit = 256;
/// Of `normalise`.
inline constexpr std::uint64_t kEpsilonLimit = std::uint64_t{1} << 46U;

/// Empty if all is right; otherwise what is wrong, and what is allowed. Addresses are checked
/// elsewhere.
std::string check_vector(const isa::Vector& op);
std::string check_normalise(const isa::Normalise& op);
/// Of `activate_add`, whose operands are as those of the vector unit's `add`.
std::string check_addition(const isa::Addition& addition);

}  // namespace systol
