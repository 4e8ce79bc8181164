// The ranges that a float network's tensors are quantised over, from samples.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "host/graph/graph.h"
#include "host/reference/float_network.h"

namespace systol {

enum class CalibrationMethod : std::uint8_t {
  MinMax,      ///< the smallest and the largest value
  Percentile,  ///< without the outermost values
  Entropy,     ///< cut where 256 steps keep the most of the values' distribution
};
inline constexpr std::array<std::string_view, 3> kCalibrationNames = {"minmax", "percentile",
                                                                      "entropy"};

struct Calibration {
  CalibrationMethod method = CalibrationMethod::MinMax;
  double percentile = 99.99;  ///< of the values that stay, above 50 and at most 100
};

/// By TensorId, from `rows` samples, `inputs` [rows][graph.input_size()]. A tensor with values that
/// are not finite has a range that is not. `seen` sees what is computed, once with MinMax and twice
/// with another method.
std::vector<ValueRange> calibrated_ranges(const Graph& graph, std::span<const float> inputs,
                                          std::size_t rows, Calibration calibration,
                                          const FloatObserver& seen = {});

}  // namespace systol
