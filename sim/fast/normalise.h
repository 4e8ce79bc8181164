// `normalise` of whole rows.
#pragma once

#include <cstdint>
#include <span>

namespace systol {

/// A row's values less their mean, in units of 2^-11 of their standard deviation, as
/// docs/numerics.md states. Both spans are as long, 1 to isa::kMostNormalised; `epsilon` is below
/// 2^46.
void normalise(std::span<const std::int8_t> values, std::uint64_t epsilon,
               std::span<std::int16_t> normalised);

/// The largest whole number whose square is at most `value`.
std::uint64_t square_root(std::uint64_t value);

}  // namespace systol
