// Random DRAMs, such as an array's file could describe.
#pragma once

#include "host/import/synthetic.h"
#include "sim/config/dram_config.h"

namespace systol {

/// A type's DRAM with some of its shape and of its times changed, some of them far from any
/// product: few rows, a queue of one, refreshes all the time.
DramConfig draw_dram(SplitMix64& random);

}  // namespace systol
