#include "host/session/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "host/compile/program.h"
#include "host/graph/work.h"
#include "host/run/diagnosis.h"
#include "host/run/output_check.h"
#include "host/session/command_times.h"
#include "host/session/float_run.h"
#include "host/session/node_progress.h"
#include "host/session/results.h"
#include "sim/base/error.h"

namespace systol {
namespace {

/// One run, from the program to the report.
class Run {
 public:
  Run(const Prepared& prepared, const ArrayConfig& config, const EngineSpec& engine,
      const RunOptions& options, const Progress& progress)
      : prepared_(prepared),
        config_(config),
        engine_(engine),
        options_(options),
        progress_(progress),
        values_(has_values(engine)),
        checked_(values_ && options.check),
        table_(options.energy_tables != nullptr ? options.energy_tables->of(config)
                                                : load_energy_table(config)),
        program_(make_program()),
        nodes_(program_.nodes()) {
    check_memories(config, table_);
  }

  RunReport report() {
    const std::unique_ptr<Device> device = make_engine(engine_, config_, progress_);
    run_on(*device);
    describe();
    describe_states();
    std::ranges::copy_if(device->notes(), std::back_inserter(report_.notes),
                         [](const std::string& note) { return !note.empty(); });
    const auto* clocked = std::get_if<ClockedEngine>(&engine_);
    if (clocked != nullptr && (!report_.check.passed() || clocked->fault)) {
      ask_the_array(*clocked);
    }
    if (values_) {
      add_outputs(prepared_, program_, memory_, report_);
    }
    const bool judged = values_ && options_.scores;
    if (judged && checked_) {
      prepared_.signal_to_noise(options_.threads, progress_);
      add_losses(prepared_, program_.plan(), options_.threads, report_);
    }
    end_report(prepared_, *device, judged, progress_, report_);
    return std::move(report_);
  }

 private:
  NetworkProgram make_program() const {
    const auto count = static_cast<std::uint32_t>(prepared_.samples().count);
    const std::uint32_t batch = std::min(options_.batch.value_or(count), count);
    if (batch == 0) {
      throw InputError(
          fmt::format("{}: a batch of 0 samples; allowed: 1 or more", prepared_.graph().place()));
    }
    return values_ ? NetworkProgram(prepared_.quantised(progress_), config_, count, batch)
                   : NetworkProgram(prepared_.shared_graph(), config_, count, batch);
  }

  void run_on(Device& device) {
    Observers observers;
    std::optional<OutputCheck> check;
    std::optional<TensorRecorder> tensors;
    CommandTimes times;
    const std::uint64_t macs = total_work(prepared_.graph()).macs * program_.plan().rows;
    SimulationProgress simulation(nodes_, macs, progress_);
    if (progress_) {
      observers.add(&simulation);
    }
    if (checked_) {
      observers.add(&check.emplace(program_, prepared_.expected(options_.threads, progress_)));
    }
    if (options_.tensors && values_) {
      observers.add(&tensors.emplace(program_, *prepared_.quantised()));
    }
    for (RunObserver* observer : options_.observers) {
      observer->begin_run(nodes_);
      observers.add(observer);
    }
    if (options_.command_times) {
      observers.add(&times);
    }
    WaitTally waits(nodes_.size());
    const bool shows_stalls = std::holds_alternative<FastEngine>(engine_);
    if (shows_stalls) {
      observers.add(&waits);
    }
    if (values_) {
      memory_ = program_.memory(prepared_.input());
    }
    const std::unique_ptr<CommandSource> commands = program_.commands();
    const RunResult result =
        device.run(*commands, nodes_, memory_, observers.empty() ? nullptr : &observers);
    account_nodes(program_.plan(), result, table_, report_);
    if (!shows_stalls) {
      walk(waits);
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      report_.nodes[i].waits = waits.nodes()[i];
    }
    report_.check.enabled = checked_;
    if (check) {
      report_.check = check->finish(memory_);
    }
    if (tensors) {
      add_tensors(*tensors, memory_, report_);
    }
    report_.command_times = times.take();
  }

  /// The same commands at the same times, without a clock.
  void walk(Observer& observer) {
    FastEngine engine;
    engine.values = false;
    MemoryImage memory;
    const std::unique_ptr<CommandSource> commands = program_.commands();
    make_engine(engine, config_)->run(*commands, nodes_, memory, &observer);
  }

  void describe() {
    report_.engine = name_of(engine_);
    report_.model = prepared_.graph().name;
    report_.input = prepared_.samples().how;
    report_.notes = prepared_.graph().notes;
    if (!values_) {
      report_.notes.emplace_back(
          "time and traffic only: outputs are not computed and no operand counts as zero");
    }
  }

  void describe_states() {
    const Plan& plan = program_.plan();
    if (!plan.states.empty()) {
      report_.notes.push_back(
          fmt::format("{} state{} stay{} in memory: samples run one after another, each with what "
                      "the one before left",
                      plan.states.size(), plan.states.size() == 1 ? "" : "s",
                      plan.states.size() == 1 ? "s" : ""));
    }
    if (options_.tensors && plan.growing != nullptr) {
      report_.notes.emplace_back("tensors whose shape differs from sample to sample are not saved");
    }
  }

  /// What the array itself says about its PEs.
  void ask_the_array(ClockedEngine engine) {
    const bool fault_injected = engine.fault.has_value();
    engine.wave.reset();
    diagnose(*make_engine(engine, config_, progress_), config_, fault_injected, report_.check,
             report_.notes);
  }

  const Prepared& prepared_;
  const ArrayConfig& config_;
  const EngineSpec& engine_;
  const RunOptions& options_;
  const Progress& progress_;
  bool values_;
  bool checked_;
  EnergyTable table_;
  NetworkProgram program_;
  std::vector<std::string> nodes_;
  MemoryImage memory_;
  RunReport report_;
};

}  // namespace

RunReport run(const Prepared& prepared, const ArrayConfig& config, const EngineSpec& engine,
              const RunOptions& options, const Progress& progress) {
  if (isa::is_float(config.pe)) {
    return run_floats(prepared, config, engine, options, progress);
  }
  return Run(prepared.for_pes(config.pe), config, engine, options, progress).report();
}

}  // namespace systol
