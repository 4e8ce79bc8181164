// tinyTPU on a Zynq-7020 (configs/validation/tiny-tpu): measured times of one network at three
// sizes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/graph/graph.h"
#include "sim/base/units.h"
#include "sim/config/array_config.h"

namespace systol {

struct TinyTpuRow {
  std::uint32_t side = 0;   ///< PE rows, PE columns, and samples of the batch
  double microseconds = 0;  ///< measured
  std::uint32_t instructions = 0;
};
std::span<const TinyTpuRow> tiny_tpu_rows();

struct TinyTpuResult {
  TinyTpuRow row;
  double microseconds = 0;            ///< ours
  double scale_sim_microseconds = 0;  ///< SCALE-Sim's closed form at the same clock
};

/// The network on `array` with each row's side, timing only. Throws InputError for an array that
/// does not run it.
std::vector<TinyTpuResult> run_tiny_tpu(const Graph& network, const ArrayConfig& array,
                                        const Progress& progress = {});

}  // namespace systol
