#include "host/quantise/calibration.h"

#include <cmath>
#include <map>

#include "host/quantise/histogram.h"

namespace systol {

std::vector<ValueRange> calibrated_ranges(const Graph& graph, std::span<const float> inputs,
                                          std::size_t rows, Calibration calibration,
                                          const FloatObserver& seen) {
  std::vector<ValueRange> ranges = run_float(graph, inputs, rows, seen).ranges;
  if (calibration.method == CalibrationMethod::MinMax) {
    return ranges;
  }
  std::map<TensorId, Histogram> histograms;
  run_float(graph, inputs, rows, [&](TensorId id, std::span<const float> values) {
    const ValueRange range = ranges[index_of(id)];
    if (std::isfinite(range.low) && std::isfinite(range.high)) {
      histograms.try_emplace(id, range).first->second.add(values);
    }
    if (seen) {
      seen(id, values);
    }
  });
  for (const auto& [id, histogram] : histograms) {
    ranges[index_of(id)] = calibration.method == CalibrationMethod::Percentile
                               ? histogram.percentile_range(calibration.percentile)
                               : histogram.entropy_range();
  }
  return ranges;
}

}  // namespace systol
