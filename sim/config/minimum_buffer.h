// What of the unified buffer the compiler takes for itself, and how little buffer will do.
#pragma once

#include <cstdint>

#include "hw/isa/command.h"
#include "sim/base/units.h"
#include "sim/config/array_config.h"

namespace systol {

/// The bytes with which the compiler's share of the buffer starts: two tables, and softmax's.
inline constexpr std::uint64_t kTableBytes = 2 * isa::kTableEntries + isa::kSoftmaxTableBytes;

/// Outputs that one weight tile covers: as many as the array has columns; on an input-stationary
/// array, where they are rows of the accumulators, as many as half of those hold, or as a quarter
/// of the unified buffer holds weights and parameters of, twice, or as fit at all.
std::uint32_t tile_outputs(const ArrayConfig& config);

/// The compiler's share: tables, and twice the parameters of a tile's channels; on an
/// input-stationary array also twice a tile's weights.
std::uint64_t reserved_bytes(const ArrayConfig& config);

/// One row of activations on its way through the array, in and out, twice each.
std::uint64_t streamed_row_bytes(const ArrayConfig& config);

/// The smallest unified buffer with which a machine of this size and dataflow runs a chain of
/// layers: the compiler's share, for the smallest tile, and one streamed row.
Bytes minimum_buffer(const ArrayConfig& config);

}  // namespace systol
