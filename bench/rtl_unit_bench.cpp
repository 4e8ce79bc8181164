// How fast the verilated matrix unit steps, through the library's boundary: PE updates per second
// while a row is fed and a weight row is loaded in every cycle, and while nothing happens.
//   rtl_unit_bench --benchmark_counters_tabular=true
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/rtl/unit_library.h"
#include "sim/rtl/verilated_unit.h"

namespace {

using systol::MatrixUnit;
using systol::UnitInputs;
using systol::UnitShape;

constexpr std::uint32_t kAccumulatorRows = 512;
constexpr std::size_t kPatterns = 97;

std::unique_ptr<MatrixUnit> make(const UnitShape& shape) {
  return systol::make_verilated_unit(systol::build_unit_library(shape), shape);
}

std::vector<std::int8_t> noise(std::size_t count) {
  std::vector<std::int8_t> data(count);
  std::uint32_t state = 1;
  for (std::int8_t& value : data) {
    state = state * 1664525 + 1013904223;
    value = static_cast<std::int8_t>(state >> 24);
  }
  return data;
}

UnitShape shape_of(const benchmark::State& state) {
  return {static_cast<std::uint32_t>(state.range(0)), static_cast<std::uint32_t>(state.range(0)),
          kAccumulatorRows};
}

void count(benchmark::State& state, const UnitShape& shape) {
  const double cycles = static_cast<double>(state.iterations());
  state.counters["cycles/s"] = benchmark::Counter(cycles, benchmark::Counter::kIsRate);
  state.counters["PE/s"] =
      benchmark::Counter(cycles * shape.rows * shape.columns, benchmark::Counter::kIsRate);
}

/// `activate`: an accumulator row through the activation path in every cycle as well.
void run(benchmark::State& state, bool activate) {
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

void feeding(benchmark::State& state) { run(state, false); }
void feeding_and_activating(benchmark::State& state) { run(state, true); }

void idle(benchmark::State& state) {
  const UnitShape shape = shape_of(state);
  const auto unit = make(shape);
  for (auto _ : state) {
    benchmark::DoNotOptimize(unit->step({}).result_valid);
  }
  count(state, shape);
}

BENCHMARK(feeding)->Arg(4)->Arg(8)->Arg(16)->Arg(32)->Arg(64)->Arg(128)->Arg(256);
BENCHMARK(feeding_and_activating)->Arg(16)->Arg(32)->Arg(128);
BENCHMARK(idle)->Arg(16)->Arg(32)->Arg(128);

}  // namespace

BENCHMARK_MAIN();
