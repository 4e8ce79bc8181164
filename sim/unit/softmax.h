// The vector unit's integer softmax.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace systol {

/// One row of logits to probabilities (scale 1/256, zero point -128), as docs/numerics.md states.
/// `exponentials[d]` is exp(-d * scale of the logits) in units of 1/65535; both spans are as long.
void softmax_row(std::span<const std::int8_t> logits,
                 const std::array<std::uint16_t, 256>& exponentials,
                 std::span<std::int8_t> probabilities);

}  // namespace systol
