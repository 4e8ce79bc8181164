// NVDLA's areas beside ours. Nothing is fitted to them.
#pragma once

#include <vector>

#include "host/validate/energy.h"
#include "sim/config/array_config.h"

namespace systol {

/// The die area of arrays with as many PEs and bytes of buffer as NVDLA's published sizes have MACs
/// and bytes, at 28 and 16 nm: `array` with rows, columns, buffer and, of the same folder, energy
/// table of each.
std::vector<EnergyComparison> compare_nvdla(const ArrayConfig& array);

}  // namespace systol
