#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "host/cli/commands.h"
#include "host/cli/file_options.h"
#include "host/cli/load_array.h"
#include "host/cli/model_options.h"
#include "host/cli/option_text.h"
#include "host/cli/progress_line.h"
#include "host/cli/terminal.h"
#include "host/cli/threads_option.h"
#include "host/explain/explanation_json.h"
#include "host/report/json.h"
#include "sim/base/output_file.h"

namespace systol {
namespace {

struct ExplainOptions : ModelOptions {
  std::size_t chains = 5;
  std::string json;
  unsigned threads = 1;
};

void explain_model(const ExplainOptions& options, const std::string& command_line) {
  const LoadedArray array = load_array(options.config, options.overrides);
  std::vector<FileOption> inputs = array.files;
  inputs.push_back({"the model", options.model});
  check_files(inputs, std::vector<FileOption>{{"--json", options.json}});
  const Prepared prepared = prepare_model(options);
  Explanation explanation =
      explain(prepared, array.config, options.batch, options.threads, show_progress);
  explanation.command_line = command_line;
  if (options.json != "-") {
    fmt::print("{}", to_text(explanation, options.chains, known_width(stdout).value_or(kAnyWidth)));
  }
  if (!options.json.empty()) {
    write_file(options.json, json_text(to_json(explanation)));
  }
}

}  // namespace

void add_explain_command(CLI::App& app, Subcommand& action, const std::string& command_line) {
  auto options = std::make_shared<ExplainOptions>();
  CLI::App& command = *app.add_subcommand(
      "explain", "Says why a run takes as long as it does, and what would make it shorter");
  add_model_options(command, *options);
  command.add_option("--chains", options->chains, "how many chains of commands to print")
      ->check(CLI::Range(0U, 1'000'000U))
      ->capture_default_str();
  command
      .add_option("--json", options->json,
                  "write everything as JSON, '-' for standard output instead of the tables")
      ->type_name(kFileValue);
  add_threads_option(command, options->threads);
  command.footer(
      "Each cycle in which nothing is fed is traced back through the commands that the next feed\n"
      "waited for. Then the same program runs with one parameter changed: bandwidth and latency "
      "of\n"
      "each memory, tiles in the weight FIFO, requests in flight, queues, and the array's clock,\n"
      "each up to where it gains no more. No value is computed. docs/explain.md says more.\n"
      "Example:\n"
      "  systol explain configs/workloads/resnet18.yaml -c configs/edge_16x16.yaml");
  command.callback([options, &action, command_line] {
    action = [options, command_line] {
      explain_model(*options, command_line);
      return kOk;
    };
  });
}

}  // namespace systol
