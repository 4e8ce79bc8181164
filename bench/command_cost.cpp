// What a command costs, over three orders of magnitude in their number: CPU time, and the most
// memory that the process ever had. Every run is a process of its own.
//   command_cost [--systemc]
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <functional>
#include <string_view>

#include "bench/square_network.h"
#include "host/compile/program.h"
#include "host/run/output_check.h"
#include "sim/fast/fast_device.h"
#include "sim/systemc/systemc_device.h"
#include "sim/unit/model_unit.h"

namespace systol {
namespace {

constexpr std::uint32_t kWidth = 280;

/// So small that every sample takes 4,900 tiles; on the chip there is room for all samples.
ArrayConfig small_array() {
  ArrayConfig config;
  config.name = "small";
  config.clock = Hertz(1'000'000'000);
  config.rows = config.columns = 4;
  config.weight_fifo_tiles = 4;
  config.accumulator_rows = 2;
  config.unified_buffer = Bytes(1 << 20);
  config.command_queue_depth = 16;
  config.dma_outstanding = 8;
  MemoryConfig memory;
  memory.name = "dram";
  memory.holds = {isa::Space::Weights, isa::Space::Activations};
  memory.bandwidth = BytesPerSecond(16'000'000'000);
  memory.latency = Picoseconds(20'000);
  config.memories = {memory};
  return config;
}

using MakeDevice = std::function<std::unique_ptr<Device>(const ArrayConfig&)>;

struct Engine {
  std::string_view name;
  MakeDevice make;
  bool data;
  std::uint32_t most_samples;
};

void run(const Engine& engine, std::uint32_t samples) {
  const ArrayConfig config = small_array();
  const auto graph = square_network(kWidth);
  const std::vector<std::int8_t> input(std::size_t{samples} * kWidth, std::int8_t{3});
  const NetworkProgram program(graph, config, samples, samples);
  const auto device = engine.make(config);
  std::optional<IntegerResult> expected;
  std::optional<OutputCheck> check;
  MemoryImage memory;
  if (engine.data) {
    expected = run_integer(*graph, input, samples);
    check.emplace(program, *expected);
    memory = program.memory(input);
  } else {
    isa::Program sizes;
    sizes.space_bytes = {program.plan().weight_bytes, program.plan().activation_bytes};
    memory = MemoryImage(sizes);
  }
  const RunResult result =
      device->run(*program.commands(), program.nodes(), memory, check ? &*check : nullptr);
  const bool right = !check || check->finish(memory).passed();
  std::uint64_t commands = 0;
  for (const std::uint64_t count : result.commands) {
    commands += count;
  }
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  const double time = seconds(used.ru_utime) + seconds(used.ru_stime);
  fmt::print("{:<28} {:>10} {:>9.2f} {:>9.0f} {:>9.1f}{}\n", engine.name, commands, time,
             time / static_cast<double>(commands) * 1e9, static_cast<double>(used.ru_maxrss) / 1024,
             right ? "" : "  WRONG OUTPUT");
}

/// In a process of its own; true if it went well.
bool run_apart(const Engine& engine, std::uint32_t samples) {
  std::fflush(stdout);
  const pid_t child = ::fork();
  if (child == 0) {
    run(engine, samples);
    std::fflush(stdout);
    ::_exit(0);
  }
  int status = 0;
  return child > 0 && ::waitpid(child, &status, 0) == child && status == 0;
}

Engine fast(std::string_view name, FastOptions options) {
  return {name, [options](const ArrayConfig& config) { return make_fast_device(config, options); },
          options.data, 1000};
}

int run_all(bool systemc) {
  std::vector<Engine> engines = {fast("fast, time only", {false, false}),
                                 fast("fast, time, hazards checked", {false, true}),
                                 fast("fast, data, all checked", {true, true})};
  if (systemc) {
    engines.push_back({"systemc, all checked",
                       [](const ArrayConfig& config) {
                         return make_systemc_device("systemc", config, make_model_unit, {});
                       },
                       true, 100});
  }
  fmt::print("{:<28} {:>10} {:>9} {:>9} {:>9}\n", "engine", "commands", "CPU s", "ns each",
             "peak MiB");
  bool well = true;
  for (const Engine& engine : engines) {
    for (const std::uint32_t samples : {1U, 10U, 100U, 1000U}) {
      well = (samples > engine.most_samples || run_apart(engine, samples)) && well;
    }
  }
  return well ? 0 : 1;
}

}  // namespace
}  // namespace systol

int main(int argc, char** argv) {
  return systol::run_all(argc > 1 && std::string_view(argv[1]) == "--systemc");
}
