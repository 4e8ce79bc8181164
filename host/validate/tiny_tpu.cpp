#include "host/validate/tiny_tpu.h"

#include <array>

#include "host/scale_sim/estimate.h"
#include "host/session/run.h"

namespace systol {
namespace {

// Its README; a batch has as many samples as the array has rows.
constexpr std::array<TinyTpuRow, 3> kRows = {{{6, 383, 431}, {10, 234, 261}, {14, 165, 186}}};

}  // namespace

std::span<const TinyTpuRow> tiny_tpu_rows() { return kRows; }

std::vector<TinyTpuResult> run_tiny_tpu(const Graph& network, const ArrayConfig& array,
                                        const Progress& progress) {
  constexpr double kMicro = 1e6;
  std::vector<TinyTpuResult> results;
  for (const TinyTpuRow& row : kRows) {
    ArrayConfig sized = array;
    sized.rows = row.side;
    sized.columns = row.side;
    const RunReport report = run(prepare(network, synthetic_samples(row.side)), sized,
                                 FastEngine{.values = false}, {}, progress);
    const auto time = [&](Cycles cycles) {
      return kMicro * static_cast<double>(cycles.count()) /
             static_cast<double>(array.clock.count());
    };
    results.push_back({row, time(report.cycles), time(scale_sim_total(report))});
  }
  return results;
}

}  // namespace systol
