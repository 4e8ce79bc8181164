#include "host/validate/tpu_v1.h"

#include <algorithm>
#include <cmath>

#include "host/scale_sim/estimate.h"
#include "host/session/prepared.h"
#include "host/session/run.h"
#include "sim/base/error.h"

namespace systol {
namespace {

// Table 1, and the columns of table 3 that this project has (in %).
constexpr std::array<TpuWorkload, 6> kWorkloads = {{
    {"MLP0", "mlp0.yaml", 200, 20'000'000, true,
     TpuColumn{{0.127, 0.539, 0.159, 0.175}, {0.125, 0.033, 0.061}}},
    {"MLP1", "mlp1.yaml", 168, 5'000'000, true, std::nullopt},
    {"LSTM0", "lstm0.yaml", 64, 52'000'000, true, std::nullopt},
    {"LSTM1", "lstm1.yaml", 96, 34'000'000, true, std::nullopt},
    {"CNN0", "cnn0.yaml", 8, 8'000'000, false,
     TpuColumn{{0.782, 0, 0, 0.218}, {0.782, 0.035, 0.034}}},
    {"CNN1", "cnn1.yaml", 32, 100'000'000, false, std::nullopt},
}};

void faster_memory(ArrayConfig& /*array*/, MemoryConfig& weights) {
  if (weights.bandwidth) {
    weights.bandwidth = BytesPerSecond(weights.bandwidth->count() * 4);
  }
}

void faster_clock(ArrayConfig& array, MemoryConfig& /*weights*/) {
  array.clock = Hertz(array.clock.count() * 4);
}

/// As many bytes of sums.
void larger_array(ArrayConfig& array, MemoryConfig& /*weights*/) {
  array.rows *= 2;
  array.columns *= 2;
  array.accumulator_rows = std::max(array.accumulator_rows / 2, 1U);
}

void gddr5(ArrayConfig& /*array*/, MemoryConfig& weights) {
  weights.bandwidth = BytesPerSecond(180'000'000'000);
}

// What is unconfirmed has been quoted and not been read in the paper again.
constexpr std::array<TpuChange, 4> kChanges = {{
    {"memory", "weight memory x4", TpuDirection::Faster, 3.0, "section 7; unconfirmed",
     faster_memory},
    {"clock", "clock x4", TpuDirection::Little, std::nullopt, "section 7; unconfirmed",
     faster_clock},
    {"matrix", "512x512 array", TpuDirection::Slower, std::nullopt, "section 7; unconfirmed",
     larger_array},
    {"gddr5", "GDDR5 weights, 180 GB/s", TpuDirection::Faster, 3.0,
     "abstract: \"would triple achieved TOPS\"; the bandwidth is unconfirmed", gddr5},
}};

MemoryConfig& weights_of(ArrayConfig& array) {
  return array.memories[array.memory_of_space()[static_cast<std::size_t>(isa::Space::Weights)]];
}

RunReport time(const Prepared& prepared, const ArrayConfig& array, const Progress& progress) {
  FastEngine engine;
  engine.values = false;
  return run(prepared, array, engine, {}, progress);
}

TpuColumn column_of(const RunReport& report) {
  const auto share = [&](CycleClass kind) {
    return static_cast<double>(report.ledger[kind].count()) /
           static_cast<double>(report.cycles.count());
  };
  return {TpuShares::of(report.ledger),
          {report.utilisation(), share(CycleClass::RawStall), share(CycleClass::InputStall)}};
}

double scale_sim_useful(const RunReport& report) {
  const double slots = static_cast<double>(report.array.rows) * report.array.columns *
                       static_cast<double>(scale_sim_total(report).count());
  return static_cast<double>(report.activity[Action::MacsUseful]) / slots;
}

TpuResult result_of(const TpuWorkload& workload, const Graph& network, const ArrayConfig& array,
                    const Progress& progress) {
  const Prepared prepared = prepare(network, synthetic_samples(workload.batch));
  const RunReport report = time(prepared, array, progress);
  TpuResult result{workload,
                   total_work(network),
                   report.cycles,
                   column_of(report),
                   scale_sim_useful(report),
                   workload.batch / report.seconds(),
                   {}};
  for (const TpuChange& change : kChanges) {
    ArrayConfig changed = array;
    change.apply(changed, weights_of(changed));
    result.speeds.push_back(report.seconds() / time(prepared, changed, progress).seconds());
  }
  return result;
}

}  // namespace

TpuShares TpuShares::of_matrix() const {
  const double matrix = array_active + weight_stall + weight_shift;
  if (matrix == 0) {
    return {};
  }
  return {array_active / matrix, weight_stall / matrix, weight_shift / matrix, 0};
}

TpuShares TpuShares::of(const Ledger& ledger) {
  const auto total = static_cast<double>(ledger.total().count());
  const auto share = [&](CycleClass kind) {
    return static_cast<double>(ledger[kind].count()) / total;
  };
  return {share(CycleClass::ArrayActive), share(CycleClass::WeightStall),
          share(CycleClass::WeightShift),
          share(CycleClass::RawStall) + share(CycleClass::InputStall) +
              share(CycleClass::NonMatrix) + share(CycleClass::Idle)};
}

std::span<const TpuWorkload> tpu_workloads() { return kWorkloads; }

std::span<const TpuChange> tpu_changes() { return kChanges; }

double mean_speed(std::span<const TpuResult> results, std::size_t change) {
  double logarithms = 0;
  for (const TpuResult& result : results) {
    logarithms += std::log(result.speeds[change]);
  }
  return std::exp(logarithms / static_cast<double>(results.size()));
}

bool agrees(TpuDirection published, double speed) {
  constexpr double kLittle = 0.1;
  switch (published) {
    case TpuDirection::Faster:
      return speed > 1 + kLittle;
    case TpuDirection::Little:
      return std::abs(speed - 1) <= kLittle;
    case TpuDirection::Slower:
      return speed < 1;
  }
  return false;
}

std::vector<TpuResult> run_tpu_workloads(const std::vector<Graph>& networks,
                                         const ArrayConfig& array, const Progress& progress) {
  std::vector<TpuResult> results;
  for (std::size_t i = 0; i < kWorkloads.size(); ++i) {
    results.push_back(result_of(kWorkloads[i], networks.at(i), array, progress));
  }
  return results;
}

}  // namespace systol
