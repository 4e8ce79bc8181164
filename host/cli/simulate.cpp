#include "host/cli/simulate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "host/quantise/quantise.h"
#include "host/reference/float_network.h"
#include "host/report/timeline.h"
#include "host/run/network_run.h"
#include "host/run/self_test.h"
#include "hw/isa/text.h"
#include "sim/base/output_file.h"

namespace systol {
namespace {

/// Keeps when each command ran.
class CommandTimes : public Observer {
 public:
  void completed(std::uint64_t index, const isa::Command& command, Cycles start,
                 Cycles end) override {
    times_.resize(std::max(times_.size(), static_cast<std::size_t>(index) + 1));
    times_[index] = {isa::to_text(command), command.origin.node,
                     isa::name_of(isa::unit_of(command)), start, end};
  }
  std::vector<CommandTime> take() { return std::move(times_); }

 private:
  std::vector<CommandTime> times_;
};

ScoreError score_error(const std::vector<float>& quantised, const std::vector<float>& floating) {
  ScoreError error;
  for (std::size_t i = 0; i < floating.size(); ++i) {
    const double difference = std::fabs(double{quantised[i]} - double{floating[i]});
    error.largest = std::max(error.largest, difference);
    error.mean += difference / static_cast<double>(floating.size());
  }
  return error;
}

double share_right(const std::vector<std::size_t>& answers,
                   const std::vector<std::uint8_t>& labels) {
  std::size_t right = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    right += answers[i] == labels[i] ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(labels.size());
}

void judge_scores(const Graph& graph, const QuantGraph& quantised, const Samples& samples,
                  const NetworkRun& run, RunReport& report) {
  const FloatResult floating = run_float(graph, samples.values, samples.count);
  report.score_error =
      score_error(dequantise(run.outputs, quantised.layers.back().output), floating.scores);
  if (!samples.labels.empty()) {
    report.accuracy = Accuracy{
        samples.labels.size(), share_right(largest(run.outputs, graph.outputs()), samples.labels),
        share_right(largest(floating.scores, graph.outputs()), samples.labels)};
  }
}

void account_layers(const QuantGraph& graph, const RunResult& result, const EnergyTable& table,
                    RunReport& report) {
  for (std::size_t i = 0; i < graph.layers.size(); ++i) {
    const NodeResult& layer = result.nodes[i];
    report.layers.push_back({graph.layers[i].name, report.samples, graph.layers[i].outputs,
                             graph.layers[i].inputs, layer.ledger, layer.activity,
                             account(layer.activity, layer.ledger.total(), report.array, table)});
  }
  report.cycles = result.cycles;
  report.ledger = result.ledger();
  report.activity = result.activity();
  report.energy = account(report.activity, result.cycles, report.array, table);
  report.energy_sources = energy_sources(report.array, table);
  report.commands = result.commands;
}

/// What the array itself says about its PEs, after a mismatch.
void locate(const SimulationOptions& options, RunReport& report) {
  EngineOptions engine = options.engine_options;
  engine.wave.reset();
  engine.window.reset();
  const std::vector<FaultyPe> faults =
      locate_faults(*make_engine(options.engine, report.array, engine), report.array);
  if (faults.empty()) {
    report.notes.emplace_back("the array's self-test finds no faulty PE: the fault is elsewhere");
  }
  for (const FaultyPe& fault : faults) {
    report.notes.push_back(
        fmt::format("the array's self-test locates a partial-sum bit stuck at {} in PE row {}, "
                    "column {}",
                    fault.stuck_at_one ? 1 : 0, fault.row, fault.column));
  }
}

/// What only the run knows, and what it was asked to be.
RunReport report_of(const NetworkRun& run, const Device& device, const ArrayConfig& config,
                    const SimulationOptions& options) {
  RunReport report;
  report.engine = options.engine;
  report.array = config;
  report.check = run.check;
  std::ranges::copy_if(device.notes(), std::back_inserter(report.notes),
                       [](const std::string& note) { return !note.empty(); });
  if (!options.data) {
    report.notes.emplace_back(
        "--no-data: time and traffic only; outputs are not computed and no "
        "operand counts as zero");
  }
  if (!run.check.passed()) {
    locate(options, report);
  } else if (options.engine_options.fault && options.check) {
    report.notes.emplace_back("the injected fault changed no output value");
  }
  return report;
}

}  // namespace

RunReport simulate(const Graph& graph, const Samples& samples, const ArrayConfig& config,
                   const SimulationOptions& options) {
  const QuantGraph quantised =
      quantise(graph, samples.calibration, samples.calibration.size() / graph.inputs());
  const std::vector<std::int8_t> input = quantise_input(samples.values, quantised.input);
  const auto count = static_cast<std::uint32_t>(samples.count);
  const std::uint32_t batch = std::min(options.batch.value_or(count), count);
  const NetworkProgram program(quantised, config, count, batch);

  EngineOptions engine_options = options.engine_options;
  engine_options.data = options.data;
  // The tests show that the compiler's programs have no hazards.
  engine_options.check_program = options.check && options.data;
  const std::unique_ptr<Device> device = make_engine(options.engine, config, engine_options);
  const EnergyTable table = load_energy_table(config.energy);
  check_memories(config, table);
  Timeline timeline(config, table, program.layers());
  CommandTimes times;
  std::vector<Observer*> watchers;
  if (options.timeline) {
    watchers.push_back(&timeline);
  }
  if (options.command_times) {
    watchers.push_back(&times);
  }
  const NetworkRun run = run_network(*device, quantised, program.load(input), input, config.columns,
                                     options.check && options.data, watchers);
  if (options.timeline) {
    write_file(*options.timeline, timeline.json());
  }

  RunReport report = report_of(run, *device, config, options);
  report.command_times = times.take();
  report.model = graph.name;
  report.input = samples.how;
  report.samples = samples.count;
  report.batch = batch;
  account_layers(quantised, run.result, table, report);
  if (options.data && options.scores) {
    judge_scores(graph, quantised, samples, run, report);
  }
  return report;
}

}  // namespace systol
