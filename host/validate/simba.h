// Simba's energy of an operation beside ours. Nothing is fitted to it.
#pragma once

#include <vector>

#include "host/validate/energy.h"
#include "sim/config/array_config.h"

namespace systol {

/// What an operation takes on an array with as many MACs and bytes as a chiplet of Simba, at 16 nm,
/// without memories, while it is busy: `array` with rows, columns, buffer and, of the same folder,
/// energy table changed. The published figure is of Simba's best voltage, so that it is a bound.
EnergyComparison compare_simba(const ArrayConfig& array);

}  // namespace systol
