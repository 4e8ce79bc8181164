// A topology's layers, one run each, as one report.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "host/cli/simulate.h"
#include "host/import/synthetic.h"
#include "sim/base/error.h"

namespace systol {
namespace {

constexpr std::uint64_t kSeed = 1;
constexpr std::size_t kCalibrationRows = 16;  ///< made-up values need no more

Samples rows_of(const Graph& graph, std::uint32_t m) {
  Samples samples;
  samples.count = m;
  samples.values = synthetic_inputs(graph, m, graph.seed);
  const std::size_t calibration = std::min<std::size_t>(m, kCalibrationRows) * graph.inputs();
  samples.calibration.assign(samples.values.begin(),
                             samples.values.begin() + static_cast<std::ptrdiff_t>(calibration));
  return samples;
}

void add(EnergyReport& sum, const EnergyReport& part) {
  if (sum.components.empty()) {
    sum = part;
    return;
  }
  for (std::size_t i = 0; i < part.components.size(); ++i) {
    sum.components[i].energy += part.components[i].energy;
  }
  sum.total += part.total;
}

void add(CheckReport& sum, const CheckReport& part) {
  sum.enabled = part.enabled;
  sum.compared += part.compared;
  sum.mismatches += part.mismatches;
  sum.missing += part.missing;
  if (!sum.first_mismatch) {
    sum.first_mismatch = part.first_mismatch;
  }
}

/// `part` runs after all that is in `sum`.
void append(RunReport& sum, RunReport part) {
  const auto layer = static_cast<std::uint32_t>(sum.layers.size());
  for (CommandTime& time : part.command_times) {
    time.layer = layer;
    time.start += sum.cycles;
    time.end += sum.cycles;
    sum.command_times.push_back(std::move(time));
  }
  sum.layers.insert(sum.layers.end(), part.layers.begin(), part.layers.end());
  sum.cycles += part.cycles;
  sum.ledger += part.ledger;
  sum.activity += part.activity;
  add(sum.energy, part.energy);
  for (std::size_t i = 0; i < sum.commands.size(); ++i) {
    sum.commands[i] += part.commands[i];
  }
  add(sum.check, part.check);
  for (std::string& note : part.notes) {
    if (std::ranges::find(sum.notes, note) == sum.notes.end()) {
      sum.notes.push_back(std::move(note));
    }
  }
}

/// One line on a terminal that says which layer runs; it is gone at the end.
class Progress {
 public:
  explicit Progress(std::size_t layers) : layers_(layers), shown_(layers > 1 && isatty(2) == 1) {}
  ~Progress() {
    if (shown_) {
      std::fputs("\r\x1b[K", stderr);
    }
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::size_t number, const TopologyLayer& layer) const {
    if (shown_) {
      fmt::print(stderr, "\rsystol: layer {} of {}: {} ({} x {} x {})\x1b[K", number, layers_,
                 layer.name, layer.m, layer.k, layer.n);
    }
  }

 private:
  std::size_t layers_;
  bool shown_;
};

}  // namespace

RunReport simulate_topology(const Topology& topology, const ArrayConfig& config,
                            const SimulationOptions& options) {
  const std::size_t count = topology.layers.size();
  if (count > 1 && (options.engine_options.wave || options.timeline)) {
    throw InputError(
        fmt::format("--wave and --timeline record one run, and each of the {} layers "
                    "of {} is a run of its own: keep one of them in the file",
                    count, topology.name));
  }
  RunReport report;
  report.engine = options.engine;
  report.array = config;
  report.model = topology.name;
  report.input = fmt::format(
      "{} layer shape{} with made-up values, one after another, each from "
      "memory to memory",
      count, count == 1 ? "" : "s");
  report.samples = 1;
  report.batch = 1;
  const Progress progress(count);
  for (std::size_t i = 0; i < count; ++i) {
    const TopologyLayer& layer = topology.layers[i];
    progress.show(i + 1, layer);
    const Graph graph = graph_of(layer, kSeed + i);
    SimulationOptions layer_options = options;
    layer_options.batch = layer.m;
    layer_options.scores = false;
    append(report, simulate(graph, rows_of(graph, layer.m), config, layer_options));
  }
  return report;
}

}  // namespace systol
