#include "host/session/topology_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

#include "sim/base/error.h"

namespace systol {
namespace {

constexpr std::uint64_t kSeed = 1;
constexpr std::size_t kCalibrationRows = 16;  ///< made-up values need no more

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

/// The part's commands are counted after the `commands` of the sum.
void add(CheckReport& sum, const CheckReport& part, std::uint64_t commands) {
  sum.enabled = part.enabled;
  sum.compared += part.compared;
  sum.mismatches += part.mismatches;
  sum.missing += part.missing;
  sum.failures.insert(sum.failures.end(), part.failures.begin(), part.failures.end());
  if (!sum.first_mismatch && part.first_mismatch) {
    sum.first_mismatch = part.first_mismatch;
    sum.first_mismatch->command += commands;
  }
}

/// `part` runs after all that is in `sum`.
void append(RunReport& sum, RunReport part) {
  const auto node = static_cast<std::uint32_t>(sum.nodes.size());
  const std::uint64_t commands =
      std::accumulate(sum.commands.begin(), sum.commands.end(), std::uint64_t{0});
  for (CommandTime& time : part.command_times) {
    time.node = node;
    time.start += sum.cycles;
    time.end += sum.cycles;
    sum.command_times.push_back(std::move(time));
  }
  std::ranges::move(part.nodes, std::back_inserter(sum.nodes));
  sum.streamed = sum.streamed || part.streamed;
  std::ranges::move(part.spilled, std::back_inserter(sum.spilled));
  sum.end_bytes += part.end_bytes;
  sum.cycles += part.cycles;
  sum.ledger += part.ledger;
  sum.activity += part.activity;
  add(sum.energy, part.energy);
  sum.sum_toggles = part.sum_toggles && (node == 0 || sum.sum_toggles)
                        ? std::optional(sum.sum_toggles.value_or(SumBits{}) += *part.sum_toggles)
                        : std::nullopt;
  sum.operand_basis = std::move(part.operand_basis);
  sum.hardware = std::move(part.hardware);
  sum.energy_sources = std::move(part.energy_sources);
  for (std::size_t i = 0; i < sum.commands.size(); ++i) {
    sum.commands[i] += part.commands[i];
  }
  add(sum.check, part.check, commands);
  for (std::string& note : part.notes) {
    if (std::ranges::find(sum.notes, note) == sum.notes.end()) {
      sum.notes.push_back(std::move(note));
    }
  }
}

/// A windowed engine is one for the layer that it names, whose run has it as its only node.
EngineSpec engine_for(const EngineSpec& engine, const Topology& topology, std::size_t layer) {
  const auto* windowed = std::get_if<WindowedEngine>(&engine);
  if (windowed == nullptr) {
    return engine;
  }
  if (layer_number(topology, windowed->window.layer) != layer) {
    return FastEngine{.search_hazards = windowed->search_hazards, .threads = windowed->threads};
  }
  WindowedEngine only = *windowed;
  only.window.layer = "0";
  return only;
}

/// The runs of the layers as one step that goes from layer to layer.
class TopologyProgress {
 public:
  TopologyProgress(const Topology& topology, const Progress& progress)
      : topology_(topology), progress_(progress) {
    for (const TopologyLayer& layer : topology.layers) {
      all_ += macs_of(layer);
    }
  }

  /// For the run of one layer, the next.
  Progress of(std::size_t number) {
    const TopologyLayer& layer = topology_.layers[number];
    const double before = std::exchange(done_, done_ + macs_of(layer));
    return [this, number, &layer, before](const ProgressReport& report) {
      if (!report.position) {
        if (!report.step.empty()) {
          progress_(report);
        }
        return;
      }
      const bool simulates = report.position->cycle.has_value();
      const double own = simulates ? macs_of(layer) * report.position->done : 0.0;
      progress_(
          {"running layers", ProgressPosition{number + 1, topology_.layers.size(), layer.name,
                                              report.position->cycle, (before + own) / all_}});
    };
  }

 private:
  static double macs_of(const TopologyLayer& layer) {
    return static_cast<double>(layer.m) * static_cast<double>(layer.k) *
           static_cast<double>(layer.n);
  }

  const Topology& topology_;
  const Progress& progress_;
  double all_ = 0;
  double done_ = 0;  ///< of the layers that have begun
};

}  // namespace

std::size_t layer_number(const Topology& topology, const std::string& text) {
  const auto named = std::ranges::find(topology.layers, text, &TopologyLayer::name);
  if (named != topology.layers.end()) {
    return static_cast<std::size_t>(named - topology.layers.begin());
  }
  for (std::size_t i = 0; i < topology.layers.size(); ++i) {
    if (text == std::to_string(i)) {
      return i;
    }
  }
  throw InputError(fmt::format("{}: there is no layer '{}'; there are {}", topology.name, text,
                               topology.layers.size()));
}

Prepared prepare_layer(const Topology& topology, std::size_t layer) {
  Samples samples;
  samples.count = topology.layers[layer].m;
  samples.calibrate_with = kCalibrationRows;
  return prepare(graph_of(topology.layers[layer], kSeed + layer), std::move(samples));
}

RunReport run_topology(const Topology& topology, const ArrayConfig& config,
                       const EngineSpec& engine, const RunOptions& options,
                       const Progress& progress) {
  const std::size_t count = topology.layers.size();
  const auto* clocked = std::get_if<ClockedEngine>(&engine);
  if (count > 1 && clocked != nullptr && clocked->wave) {
    throw InputError(
        fmt::format("{}: a wave records one run, and each of the {} layers is a run of its own: "
                    "choose a layer",
                    topology.name, count));
  }
  RunReport report;
  report.engine = name_of(engine);
  report.array = config;
  report.model = topology.name;
  report.input = fmt::format(
      "{} layer shape{} with made-up values, one after another, each from memory to memory", count,
      count == 1 ? "" : "s");
  report.samples = 1;
  report.batch = 1;
  TopologyProgress layers(topology, progress);
  EnergyTables read_once;
  RunOptions layer_options = options;
  layer_options.scores = false;
  if (layer_options.energy_tables == nullptr) {
    layer_options.energy_tables = &read_once;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const TopologyLayer& layer = topology.layers[i];
    layer_options.batch = layer.m;
    append(report, run(prepare_layer(topology, i), config, engine_for(engine, topology, i),
                       layer_options, progress ? layers.of(i) : Progress()));
  }
  if (progress) {
    progress({});
  }
  return report;
}

}  // namespace systol
