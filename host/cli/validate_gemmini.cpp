#include <cstdio>
#include <memory>

#include "host/cli/file_options.h"
#include "host/cli/load_array.h"
#include "host/cli/option_text.h"
#include "host/cli/progress_line.h"
#include "host/cli/terminal.h"
#include "host/cli/threads_option.h"
#include "host/cli/validate_command.h"
#include "host/validate/gemmini.h"
#include "sim/base/installation.h"

namespace systol {
namespace {

struct GemminiOptions {
  std::vector<std::string> overrides;
  std::string json;
  unsigned threads = 1;
};

void validate_gemmini(const GemminiOptions& options) {
  const std::filesystem::path folder = shared_folder() / "configs/validation/gemmini";
  const std::filesystem::path layers = folder / "firesim_cycles.csv";
  const LoadedArray array = load_array(folder / "array.yaml", options.overrides);
  std::vector<FileOption> inputs = array.files;
  inputs.push_back({"the measured layers", layers.string()});
  check_files(inputs, std::vector<FileOption>{{"--json", options.json}});
  const std::vector<GemminiResult> results =
      run_gemmini_layers(load_gemmini_layers(layers), array.config, options.threads, show_progress);
  write_validation(gemmini_text(results, known_width(stdout).value_or(kAnyWidth)),
                   gemmini_json(results, array.config), options.json);
}

}  // namespace

void add_validate_gemmini(CLI::App& validate, Subcommand& action) {
  auto options = std::make_shared<GemminiOptions>();
  CLI::App& command = *validate.add_subcommand(
      "gemmini", "144 layers measured on the RTL of Gemmini, a 16x16 array, with two tilings each");
  command
      .add_option("--set", options->overrides,
                  "change one key of configs/validation/gemmini/array.yaml; may be given more than "
                  "once.\n  --set 'memory.dram.latency=50 ns'")
      ->allow_extra_args(false);
  command
      .add_option("--json", options->json,
                  "write the comparison as JSON, '-' for standard output instead of the table")
      ->type_name(kFileValue);
  add_threads_option(command, options->threads);
  command.footer(
      "The layers, where they come from, and what is assumed: configs/validation/gemmini and\n"
      "docs/validation.md. No value is computed. Accumulators and buffer are each layer's own.\n"
      "Example:\n  systol validate gemmini --json gemmini.json");
  command.callback([options, &action] {
    action = [options] {
      validate_gemmini(*options);
      return kOk;
    };
  });
}

}  // namespace systol
