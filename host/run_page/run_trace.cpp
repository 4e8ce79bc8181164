#include "host/run_page/run_trace.h"

#include <algorithm>
#include <utility>

namespace systol {
namespace {

/// The largest value in each of `count` windows of a quantity that holds from each point of time
/// to the next and is 0 before the first.
std::vector<std::int64_t> peaks(const std::vector<std::pair<Cycles, std::int64_t>>& points,
                                std::uint64_t length, std::size_t count) {
  std::vector<std::int64_t> peaks(count);
  std::int64_t held = 0;
  auto next = points.begin();
  for (std::size_t window = 0; window < count; ++window) {
    const Cycles end((window + 1) * length);
    std::int64_t most = held;
    if (next != points.end() && next->first.count() == window * length) {
      most = 0;  // what was held before is gone when the window begins
    }
    for (; next != points.end() && next->first < end; ++next) {
      held = next->second;
      most = std::max(most, held);
    }
    peaks[window] = most;
  }
  return peaks;
}

}  // namespace

RunTracer::RunTracer(const ArrayConfig& config, const EnergyTable& table)
    : config_(config),
      power_(config, table),
      timeline_(config, table, {}, {Cycles(0), Cycles(UINT64_MAX), kMostCommands}) {}

RunTrace RunTracer::take(const RunReport& report) {
  RunTrace trace;
  trace.power = power_.over_time(report);
  trace.window = machine_.window();
  const std::uint64_t length = trace.window.count();
  const std::size_t count = (report.cycles.count() + length - 1) / length;
  trace.windows = machine_.windows();
  // What takes no time at the very end belongs to the last window.
  for (; trace.windows.size() > count && count > 0; trace.windows.pop_back()) {
    trace.windows[count - 1] += trace.windows.back();
  }
  trace.windows.resize(count);
  trace.excerpt = timeline_.take();
  trace.buffer = peaks(std::exchange(trace.excerpt.buffer, {}), length, count);
  trace.pes = machine_.array().pes(config_.rows, config_.columns);
  return trace;
}

}  // namespace systol
