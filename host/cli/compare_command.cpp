#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>

#include "host/cli/commands.h"
#include "host/cli/engine_options.h"
#include "host/cli/file_options.h"
#include "host/cli/load_array.h"
#include "host/cli/named_file.h"
#include "host/cli/option_text.h"
#include "host/cli/progress_line.h"
#include "host/cli/samples.h"
#include "host/cli/shape_option.h"
#include "host/cli/state_option.h"
#include "host/cli/threads_option.h"
#include "host/import/model.h"
#include "host/report/comparison.h"
#include "host/report/json.h"
#include "host/session/run.h"
#include "sim/base/output_file.h"
#include "sim/config/array_file.h"

namespace systol {
namespace {

struct CompareOptions {
  std::vector<std::string> models;
  std::vector<std::string> shapes;
  std::vector<std::string> states;
  std::vector<std::string> configs;
  std::vector<std::string> overrides;
  std::vector<std::string> dataflows;
  std::string engine = "fast";
  unsigned threads = 1;
  InputOptions input;
  std::optional<std::uint32_t> batch;
  std::string csv;
  std::string json;
  bool no_check = false;
};

/// Each array once, or once in each of the dataflows asked for.
std::vector<ArrayConfig> arrays_of(const CompareOptions& options) {
  std::vector<ArrayConfig> arrays;
  for (const std::string& path : options.configs) {
    if (options.dataflows.empty()) {
      arrays.push_back(load_array(path, options.overrides).config);
    }
    for (const std::string& dataflow : options.dataflows) {
      std::vector<std::string> overrides = options.overrides;
      overrides.push_back("array.dataflow=" + dataflow);
      arrays.push_back(load_array(path, overrides).config);
    }
  }
  return arrays;
}

void check_all_files(const CompareOptions& options) {
  std::vector<FileOption> inputs;
  for (const std::string& model : options.models) {
    std::ranges::copy(model_file_options("MODELS", model), std::back_inserter(inputs));
  }
  for (const std::string& config : options.configs) {
    std::ranges::copy(load_array(config, options.overrides).files, std::back_inserter(inputs));
  }
  std::ranges::copy(input_files(options.input), std::back_inserter(inputs));
  check_files(inputs, std::vector<FileOption>{{"--csv", options.csv}, {"--json", options.json}});
}

int compare(CompareOptions& options, const std::string& command_line) {
  for (std::vector<std::string>* names : {&options.models, &options.configs}) {
    std::ranges::transform(*names, names->begin(),
                           [](const std::string& name) { return named_file(name).string(); });
  }
  check_all_files(options);
  const EngineSpec engine = named_engine(options.engine, !options.no_check, options.threads);
  RunOptions run_options;
  run_options.batch = options.batch;
  run_options.check = !options.no_check;
  run_options.threads = options.threads;
  const std::vector<ArrayConfig> arrays = arrays_of(options);
  const GivenInput input = read_input(options.input);
  const GivenShapes shapes = given_shapes(options.shapes);
  const GivenStates states = given_states(options.states);
  std::vector<RunReport> reports;
  for (const std::string& model : options.models) {
    Graph graph = import_model_or_sizes(model, shapes, states);
    Samples samples = load_samples(graph, options.input, input, options.batch.value_or(1));
    const Prepared prepared = prepare(std::move(graph), std::move(samples));
    for (const ArrayConfig& array : arrays) {
      reports.push_back(run(prepared, array, engine, run_options, show_progress));
      reports.back().command_line = command_line;
    }
  }
  if (options.json != "-" && options.csv != "-") {
    fmt::print("{}", comparison_text(reports));
  }
  if (!options.csv.empty()) {
    write_file(options.csv, comparison_csv(reports));
  }
  if (!options.json.empty()) {
    write_file(options.json, json_text(comparison_json(reports)));
  }
  const bool passed =
      std::ranges::all_of(reports, [](const RunReport& report) { return report.check.passed(); });
  return passed ? kOk : kWrongResult;
}

}  // namespace

void add_compare_command(CLI::App& app, Subcommand& action, const std::string& command_line) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App& command =
      *app.add_subcommand("compare", "Runs models or layer sizes on several arrays, side by side");
  command
      .add_option("MODELS", options->models,
                  "model files, or sizes of dense layers: 64 (64 to 64), 784x10, 784x300x10")
      ->type_name(kFileValue)
      ->required();
  command
      .add_option("-c,--config", options->configs,
                  "the arrays, one or more YAML files or SCALE-Sim .cfg files.\n"
                  "  -c configs/edge_8x8.yaml configs/edge_16x16.yaml")
      ->type_name(kFileValue)
      ->required();
  add_shape_option(command, options->shapes);
  add_state_option(command, options->states);
  add_input_options(command, options->input);
  command
      .add_option("--batch", options->batch,
                  "samples that go through the network together; without --input also how many "
                  "there are. Default: all of the input's, or 1 synthetic sample.\n  --batch 64")
      ->check(CLI::Range(1U, 1'000'000U));
  command.add_option("--engine", options->engine, "as in `systol run`")
      ->check(CLI::IsMember(std::vector<std::string>(kEngineNames.begin(), kEngineNames.end())))
      ->capture_default_str();
  command
      .add_option("--set", options->overrides,
                  "change one key in all array files; may be given more than once.\n"
                  "  --set 'memory.dram.bandwidth=16 GB/s'")
      ->allow_extra_args(false);
  command
      .add_option("--dataflow", options->dataflows,
                  "run every array in each of these dataflows, whatever its file or --set says.\n"
                  "  --dataflow weight_stationary output_stationary input_stationary")
      ->check(
          CLI::IsMember(std::vector<std::string>(kDataflowNames.begin(), kDataflowNames.end())));
  add_threads_option(command, options->threads);
  command.add_option("--csv", options->csv, "write the table as CSV, '-' for standard output")
      ->type_name(kFileValue);
  command.add_option("--json", options->json, "write all reports as JSON, '-' for standard output")
      ->type_name(kFileValue);
  command.add_flag("--no-check", options->no_check,
                   "do not compare with the reference, and do not search for hazards");
  command.footer(
      "Example:\n  systol compare 64 256 1024 -c configs/edge_8x8.yaml "
      "configs/edge_16x16.yaml configs/mid_32x32.yaml --batch 64");
  command.callback([options, &action, command_line] {
    action = [options, command_line] { return compare(*options, command_line); };
  });
}

}  // namespace systol
