#include <fmt/format.h>

#include <memory>
#include <string_view>

#include "host/cli/commands.h"
#include "host/cli/load_array.h"
#include "host/cli/named_file.h"
#include "host/cli/progress_line.h"
#include "host/cli/run_options.h"
#include "host/cli/run_records.h"
#include "host/cli/samples.h"
#include "host/cli/shape_option.h"
#include "host/cli/state_option.h"
#include "host/cli/wave_command.h"
#include "host/export/product_files.h"
#include "host/export/tensors.h"
#include "host/import/limits.h"
#include "host/import/model.h"
#include "host/import/synthetic.h"
#include "host/report/filters.h"
#include "host/run/raw_program.h"
#include "host/session/node_progress.h"
#include "host/session/topology_run.h"
#include "sim/base/error.h"

namespace systol {
namespace {

/// An option, and whether the command line has it.
using Given = std::pair<const char*, bool>;

void refuse(const RunWords& words, std::initializer_list<Given> given, const char* why) {
  for (const auto& [option, is_given] : given) {
    if (is_given) {
      throw InputError(fmt::format("{}: {} {}", words.model, option, why));
    }
  }
}

/// A program has commands and bytes, a topology has shapes; what needs values must not be asked for
/// in vain.
void refuse_value_options(const RunWords& words, const char* why) {
  refuse(words,
         {{"--shape", !words.shapes.empty()},
          {"--state", !words.states.empty()},
          {"--input", !words.input.file.empty()},
          {"--labels", !words.input.labels.empty()},
          {"--limit", words.input.limit.has_value()},
          {"--resize", !words.input.resize.empty()},
          {"--input-scale", words.input.scaling.scale.has_value()},
          {"--input-offset", words.input.scaling.offset.has_value()},
          {"--calibration", !words.input.calibration.empty()},
          {"--percentile", words.input.percentile.has_value()},
          {"--batch", words.batch.has_value()},
          {"--show", !words.show.empty()},
          {"--outputs", !words.values.outputs.empty()},
          {"--predictions", !words.values.predictions.empty()},
          {"--class-names", !words.values.class_names.empty()},
          {"--save-products", !words.values.products.empty()},
          {"--export-quantised", !words.values.quantised.empty()}},
         why);
}

void refuse_report_options(const RunWords& words, const char* why) {
  refuse(words,
         {{"--json", !words.json.empty()},
          {"--report", !words.page.file.empty()},
          {"--csv", !words.csv.empty()},
          {"--json-commands", words.json_commands},
          {"--timeline", !words.timeline.empty()},
          {"--power", words.power},
          {"--load", words.load.has_value()},
          {"--report-as", !words.scale_sim.report_as.empty()},
          {"--estimate", !words.scale_sim.estimate.empty()}},
         why);
}

/// `model` is what ran: prepared, or a topology.
template <class Model>
int finish(const RunWords& words, const LoadedArray& array, RunRecords& records, const Model& model,
           RunReport report, const std::string& command_line) {
  records.finish(report);
  report.command_line = command_line;
  report.notes.insert(report.notes.end(), array.notes.begin(), array.notes.end());
  if (report.check.first_mismatch && report.check.first_mismatch->cycles) {
    report.notes.push_back("the wave of the first wrong value: " +
                           wave_command(command_line, *report.check.first_mismatch->cycles));
  }
  write_report(report, words.scale_sim, words.json, words.csv);
  // Last: a tile that there is not costs the page, not the run.
  if (!words.page.file.empty()) {
    records.write_page(report, wavefront_of(words.page, model, report, !words.engine.no_data));
  }
  return report.check.passed() ? kOk : kWrongResult;
}

RunOptions run_options_of(const RunWords& words, RunRecords& records) {
  RunOptions options;
  options.batch = words.batch;
  options.check = !words.engine.no_check;
  options.command_times = words.json_commands;
  options.threads = words.engine.threads;
  options.tensors = !words.values.tensors.empty();
  options.observers = records.observers();
  return options;
}

int run_topology_file(const RunWords& words, const EngineSpec& engine,
                      const std::string& command_line) {
  refuse_value_options(words,
                       "needs a model, and this is a topology: shapes without values, "
                       "whose M is the batch");
  refuse(words, {{"--save-tensors", !words.values.tensors.empty()}},
         "needs a model or a program, and this is a topology");
  const Topology topology = load_topology(words.model);
  const LoadedArray array = load_array(words.config, words.overrides);
  RunRecords records(words, array.config);
  RunReport report =
      run_topology(topology, array.config, engine, run_options_of(words, records), show_progress);
  return finish(words, array, records, topology, std::move(report), command_line);
}

int run_program_file(const RunWords& words, const EngineSpec& engine) {
  constexpr const char* kWhy = "needs a model, and this is a program";
  refuse_value_options(words, kWhy);
  refuse_report_options(words, kWhy);
  refuse(words,
         {{"--inject-fault", !words.engine.fault.empty()},
          {"--no-check", words.engine.no_check},
          {"--no-data", words.engine.no_data}},
         kWhy);
  const ArrayConfig config = load_array(words.config, words.overrides).config;
  const std::unique_ptr<Device> device = make_engine(engine, config, show_progress);
  const isa::Program program = read_program(words.model, show_reading);
  std::uint64_t macs = 0;
  for (const isa::Command& command : program.commands) {
    macs += macs_of(command.operation);
  }
  const Progress progress = show_progress;
  SimulationProgress simulation(program.nodes, macs, progress);
  const RawRun raw = run_raw_program(program, words.model, config, *device, &simulation);
  end_progress();
  if (!words.values.tensors.empty()) {
    write_spaces(raw.memory, words.values.tensors);
  }
  fmt::print("{}", raw.text);
  return device->failures().empty() ? kOk : kWrongResult;
}

void show_filters(const Graph& graph, const std::string& file) {
  check_values(graph, 1);
  Graph filled = graph;
  fill_constants(filled);
  write_filters(filled, file);
  show_notice(fmt::format("wrote {}: what each output looks for", file));
}

std::string_view option_of(WaveRequestError::Part part) {
  switch (part) {
    case WaveRequestError::Part::Layer:
      return "--wave-layer";
    case WaveRequestError::Part::Tile:
      return "--wave-tile";
    case WaveRequestError::Part::Scope:
      return "--wave-scope";
  }
  return "--wave";
}

int run_words(RunWords& words, const std::string& command_line) {
  const EngineSpec engine = engine_of(words.engine);
  words.model = named_file(words.model).string();
  words.config = named_file(words.config).string();
  check_records(words);
  check_page(words.page, !words.engine.no_data);
  if (words.json_commands && words.json.empty()) {
    throw InputError("--json-commands needs --json FILE");
  }
  if (words.engine.no_data && words.values.any()) {
    throw InputError(
        "--no-data with --outputs, --predictions, --class-names, --save-tensors, --save-products "
        "or --export-quantised: no values are computed");
  }
  check_output(words.scale_sim, words.json);
  check_all_files(words);
  if (is_topology_file(words.model)) {
    return run_topology_file(words, engine, command_line);
  }
  if (is_program_file(words.model)) {
    return run_program_file(words, engine);
  }
  const LoadedArray array = load_array(words.config, words.overrides);
  if (isa::is_float(array.config.pe)) {
    refuse(words, {{"--export-quantised", !words.values.quantised.empty()}},
           "writes a network in int8, and the array's PEs are of floating-point numbers");
  } else {
    refuse(words, {{"--save-products", !words.values.products.empty()}},
           "needs PEs of floating-point numbers, which run one product after another; allowed: an "
           "array with 'pe: bf16'");
  }
  Graph graph =
      import_model_or_sizes(words.model, given_shapes(words.shapes), given_states(words.states));
  const ValueOutputs values(words.values, graph);
  Samples samples =
      load_samples(graph, words.input, read_input(words.input), words.batch.value_or(1));
  if (!words.show.empty()) {
    show_filters(graph, filters_file(words.show));
  }
  const Prepared prepared = prepare(std::move(graph), std::move(samples)).for_pes(array.config.pe);
  RunRecords records(words, array.config);
  RunOptions options = run_options_of(words, records);
  std::optional<ProductFiles> products;
  if (!words.values.products.empty()) {
    options.product = std::ref(products.emplace(words.values.products));
  }
  RunReport report = run(prepared, array.config, engine, options, show_progress);
  if (products) {
    products->finish();
  }
  values.write(report, prepared);
  return finish(words, array, records, prepared, std::move(report), command_line);
}

}  // namespace

void add_run_command(CLI::App& app, Subcommand& action, const std::string& command_line) {
  auto words = std::make_shared<RunWords>();
  CLI::App& run_app =
      *app.add_subcommand("run", "Runs one model on one array: check, cycles, energy");
  add_run_options(run_app, *words);
  run_app.footer(
      "Example:\n  systol run configs/models/mnist_mlp.onnx -c configs/edge_16x16.yaml \\\n"
      "    --input configs/digits/t10k-1000-images.idx3-ubyte.gz \\\n"
      "    --labels configs/digits/t10k-1000-labels.idx1-ubyte.gz --limit 100");
  run_app.callback([words, &action, command_line] {
    action = [words, command_line] {
      try {
        return run_words(*words, command_line);
      } catch (const WaveRequestError& error) {
        throw InputError(fmt::format("{}: {}", option_of(error.part()), error.what()));
      }
    };
  });
}

}  // namespace systol
