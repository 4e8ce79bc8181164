// Peaks of a quantity whose averages are known of short stretches of time and of longer windows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace systol {

/// The largest of each window's average and of the averages of the stretches that overlap it.
/// Windows of `length` cycles and stretches of `stretch` cycles follow one another from the same
/// cycle on.
template <class Value>
std::vector<Value> window_peaks(const std::vector<Value>& averages, std::uint64_t length,
                                const std::vector<Value>& stretches, std::uint64_t stretch) {
  std::vector<Value> peaks = averages;
  for (std::size_t window = 0; window < peaks.size(); ++window) {
    const std::size_t first = window * length / stretch;
    const std::size_t last =
        std::min<std::size_t>(((window + 1) * length + stretch - 1) / stretch, stretches.size());
    for (std::size_t i = first; i < last; ++i) {
      peaks[window] = std::max(peaks[window], stretches[i]);
    }
  }
  return peaks;
}

}  // namespace systol
