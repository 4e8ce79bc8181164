// How fast the two matrix units step: the verilated RTL, through its library's boundary, and the
// model in C++. Ends with the ratios between them, from the same run.
//   matrix_unit_bench --benchmark_filter='/(32|128)$'
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/rtl/unit_library.h"
#include "sim/rtl/verilated_unit.h"
#include "sim/unit/model_unit.h"

namespace systol {
namespace {

constexpr std::uint32_t kAccumulatorRows = 512;
constexpr std::size_t kPatterns = 97;
constexpr const char* kRate = "PE/s";

std::unique_ptr<MatrixUnit> verilated_unit(const UnitShape& shape) {
  const auto say = [](std::string_view step) { fmt::print(stderr, "{}\n", step); };
  return make_verilated_unit(build_unit_library(shape, say), shape);
}

std::vector<std::uint8_t> noise(std::size_t count) {
  std::vector<std::uint8_t> data(count);
  std::uint32_t state = 1;
  for (std::uint8_t& value : data) {
    state = state * 1664525 + 1013904223;
    value = static_cast<std::uint8_t>(state >> 24);
  }
  return data;
}

using MakeUnit = std::unique_ptr<MatrixUnit> (*)(const UnitShape&);

UnitShape shape_of(const benchmark::State& state) {
  const auto side = static_cast<std::uint32_t>(state.range(0));
  return {side, side, kAccumulatorRows};
}

void count(benchmark::State& state, const UnitShape& shape) {
  const auto cycles = static_cast<double>(state.iterations());
  state.counters["cycles/s"] = benchmark::Counter(cycles, benchmark::Counter::kIsRate);
  state.counters[kRate] =
      benchmark::Counter(cycles * shape.rows * shape.columns, benchmark::Counter::kIsRate);
}

/// A row is fed and a weight row is loaded in every cycle; with `activate`, an accumulator row
/// goes through the activation path as well.
void feed(benchmark::State& state, MakeUnit make, bool activate) {
  const UnitShape shape = shape_of(state);
  const auto unit = make(shape);
  const auto activations = noise(kPatterns * shape.rows);
  const auto weights = noise(kPatterns * shape.columns);
  std::uint32_t cycle = 0;
  for (auto _ : state) {
    UnitInputs in;
    in.weight_valid = true;
    in.weight_row = cycle % shape.rows;
    in.weight_data = &weights[cycle % kPatterns * shape.columns];
    in.feed_valid = true;
    in.feed_swap = cycle % shape.rows == 0;
    in.feed_add = true;
    in.feed_address = cycle % kAccumulatorRows;
    in.feed_data = &activations[cycle % kPatterns * shape.rows];
    in.activate_valid = activate;
    in.activate_address = cycle * 7 % kAccumulatorRows;
    in.activate_minimum = -128;
    in.activate_maximum = 127;
    benchmark::DoNotOptimize(unit->step(in).result_valid);
    ++cycle;
  }
  count(state, shape);
}

void idle(benchmark::State& state, MakeUnit make) {
  const UnitShape shape = shape_of(state);
  const auto unit = make(shape);
  for (auto _ : state) {
    benchmark::DoNotOptimize(unit->step({}).result_valid);
  }
  count(state, shape);
}

BENCHMARK_CAPTURE(feed, rtl, verilated_unit, false)->RangeMultiplier(2)->Range(8, 128);
BENCHMARK_CAPTURE(feed, model, make_model_unit, false)->RangeMultiplier(2)->Range(8, 128);
BENCHMARK_CAPTURE(feed, rtl_activating, verilated_unit, true)->Arg(16)->Arg(128);
BENCHMARK_CAPTURE(feed, model_activating, make_model_unit, true)->Arg(16)->Arg(128);
BENCHMARK_CAPTURE(idle, rtl, verilated_unit)->Arg(16)->Arg(128);
BENCHMARK_CAPTURE(idle, model, make_model_unit)->Arg(16)->Arg(128);

/// The usual table, with medians in place of repetitions, and the ratios after it.
class Reporter : public benchmark::ConsoleReporter {
 public:
  Reporter() : ConsoleReporter(OO_Tabular) {}

  void ReportRuns(const std::vector<Run>& runs) override {
    std::vector<Run> shown;
    for (const Run& run : runs) {
      if (run.run_type == Run::RT_Iteration && !run.error_occurred) {
        rates_[run.run_name.function_name + "/" + run.run_name.args].push_back(
            run.counters.at(kRate).value);
      }
      if (run.repetitions <= 1 || run.aggregate_name == "median") {
        shown.push_back(run);
      }
    }
    if (!shown.empty()) {
      ConsoleReporter::ReportRuns(shown);
    }
  }

  void print_ratios() {
    fmt::print("\n{:>9} {:>14} {:>14} {:>12}\n", "array", "rtl, G PE/s", "model, G PE/s",
               "model / rtl");
    for (int side = 8; side <= 128; side *= 2) {
      const double rtl = median(fmt::format("feed/rtl/{}", side));
      const double model = median(fmt::format("feed/model/{}", side));
      if (rtl > 0 && model > 0) {
        fmt::print("{:>9} {:>14.2f} {:>14.2f} {:>12.1f}\n", fmt::format("{0}x{0}", side), rtl / 1e9,
                   model / 1e9, model / rtl);
      }
    }
  }

 private:
  double median(const std::string& name) {
    std::vector<double>& rates = rates_[name];
    if (rates.empty()) {
      return 0;
    }
    const auto middle = rates.begin() + static_cast<std::ptrdiff_t>(rates.size() / 2);
    std::nth_element(rates.begin(), middle, rates.end());
    return *middle;
  }

  std::map<std::string, std::vector<double>> rates_;
};

}  // namespace
}  // namespace systol

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 1;
  }
  systol::Reporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  reporter.print_ratios();
  return 0;
}
