// The wavefront of one tile of a run.
#pragma once

#include <cstdint>
#include <optional>

#include "host/report/wavefront.h"
#include "host/session/prepared.h"
#include "sim/config/array_config.h"
#include "sim/window/window_finder.h"

namespace systol {

/// Larger arrays are not recorded.
inline constexpr std::uint32_t kMostWavefrontRows = 32;

/// Of a tile in the run of `prepared` with this batch. Its registers are those of the C++ model of
/// the matrix unit, which equals the RTL's in every cycle. Throws WaveRequestError for a tile that
/// there is not, InputError for an array that is too large.
Wavefront record_wavefront(const Prepared& prepared, const ArrayConfig& config,
                           std::optional<std::uint32_t> batch, const WindowRequest& request);

}  // namespace systol
