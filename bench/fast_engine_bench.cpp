// The fast engine: simulated cycles per second without data, with data against oneDNN alone, and a
// whole network's layers from their shapes to their cycles.

#include <benchmark/benchmark.h>

#include <memory>
#include <vector>

#include "bench/square_network.h"
#include "host/compile/program.h"
#include "host/scale_sim/topology.h"
#include "sim/config/array_file.h"
#include "sim/fast/fast_device.h"
#include "sim/fast/gemm.h"

namespace systol {
namespace {

constexpr std::uint32_t kSize = 1024;

struct Fixture {
  ArrayConfig config = load_array_config(SYSTOL_SOURCE_DIR "/configs/big_128x128.yaml");
  std::vector<std::int8_t> input =
      std::vector<std::int8_t>(std::size_t{kSize} * kSize, std::int8_t{3});
  isa::Program program = NetworkProgram(square_network(kSize), config, kSize, kSize).whole(input);
};

const Fixture& fixture() {
  static const Fixture kFixture;
  return kFixture;
}

void run(benchmark::State& state, FastOptions options) {
  const auto device = make_fast_device(fixture().config, options);
  const isa::Program& program = fixture().program;
  MemoryImage memory(program);
  std::uint64_t cycles = 0;
  for (auto _ : state) {
    CommandList commands(program.commands);
    cycles += device->run(commands, program.nodes, memory, nullptr).cycles.count();
  }
  state.counters["simulated cycles"] =
      benchmark::Counter(static_cast<double>(cycles), benchmark::Counter::kIsRate);
}

void timing_only(benchmark::State& state) { run(state, {false, false}); }
void timing_only_checked(benchmark::State& state) { run(state, {false, true}); }
void with_data(benchmark::State& state) { run(state, {true, false}); }

/// The same matrices through the library alone.
void gemm_alone(benchmark::State& state) {
  const std::vector<std::int8_t>& a = fixture().input;
  const std::vector<std::uint8_t>& b = fixture().program.image.front().bytes;
  std::vector<std::int32_t> c(std::size_t{kSize} * kSize);
  const GemmPath path = exact_gemm_path();
  for (auto _ : state) {
    gemm(path, {kSize, kSize, kSize, kSize, kSize, kSize, false}, a.data(),
         reinterpret_cast<const std::int8_t*>(b.data()), c.data());
    benchmark::DoNotOptimize(c.data());
  }
}

/// ResNet-50 at batch 1: all layers' commands are made and timed, no values are.
void resnet50(benchmark::State& state) {
  const Topology topology =
      load_topology(SYSTOL_SOURCE_DIR "/configs/workloads/scale-sim/resnet50.csv");
  const ArrayConfig& config = fixture().config;
  const auto device = make_fast_device(config, {false, state.range(0) != 0});
  std::uint64_t cycles = 0;
  for (auto _ : state) {
    for (const TopologyLayer& layer : topology.layers) {
      const NetworkProgram program(std::make_shared<const Graph>(graph_of(layer, 1)), config,
                                   layer.m, layer.m);
      isa::Program sizes;
      sizes.space_bytes = {program.plan().weight_bytes, program.plan().activation_bytes};
      MemoryImage memory(sizes);
      cycles += device->run(*program.commands(), program.nodes(), memory, nullptr).cycles.count();
    }
  }
  state.counters["simulated cycles"] =
      benchmark::Counter(static_cast<double>(cycles), benchmark::Counter::kIsRate);
}

BENCHMARK(resnet50)->ArgName("checked")->Arg(0)->Arg(1)->MeasureProcessCPUTime()->Unit(
    benchmark::kMillisecond);
BENCHMARK(timing_only)->Unit(benchmark::kMicrosecond);
BENCHMARK(timing_only_checked)->Unit(benchmark::kMicrosecond);
BENCHMARK(with_data)->Unit(benchmark::kMicrosecond);
BENCHMARK(gemm_alone)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace systol

BENCHMARK_MAIN();
