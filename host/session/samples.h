// What goes into a network.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "host/quantise/calibration.h"

namespace systol {

/// The samples that run, those that calibrate, and the labels. Values that are not given are made
/// up by the graph's seed when they are needed, and never for a run of time and traffic only.
struct Samples {
  std::size_t count = 1;
  std::vector<float> values;          ///< [count][input values], or empty: made up
  std::vector<float> calibration;     ///< [..][input values], or empty: made up
  std::size_t calibrate_with = 0;     ///< if not 0: instead of `calibration` so many of `values`
  Calibration method;                 ///< of calibration
  std::vector<std::uint32_t> labels;  ///< empty, or one for each sample
  std::string how;                    ///< where they come from, for people; empty: made up
};

/// So many made-up samples, as a run without any input has them.
Samples synthetic_samples(std::size_t count);

}  // namespace systol
