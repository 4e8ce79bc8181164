#include <memory>

#include "host/cli/file_options.h"
#include "host/cli/load_array.h"
#include "host/cli/option_text.h"
#include "host/cli/progress_line.h"
#include "host/cli/threads_option.h"
#include "host/cli/validate_command.h"
#include "host/result_page/scoreboard_page.h"
#include "host/validate/suites.h"
#include "sim/base/installation.h"
#include "sim/base/output_file.h"

namespace systol {
namespace {

/// Reads what the suites need, and remembers which files that were.
SuiteReader remembering_reader(std::vector<FileOption>& files) {
  const std::filesystem::path configs = shared_folder() / "configs";
  return {.array =
              [configs, &files](const std::string& name) {
                LoadedArray loaded = load_array(configs / name, {});
                files.insert(files.end(), loaded.files.begin(), loaded.files.end());
                return std::move(loaded.config);
              },
          .file =
              [configs, &files](const std::string& name) {
                files.push_back({"what a suite reads", (configs / name).string()});
                return configs / name;
              }};
}

struct ValidateAllOptions {
  std::string json;
  std::string report;
  unsigned threads = 1;
};

void validate_all(const ValidateAllOptions& options, const std::string& command_line) {
  std::vector<FileOption> files;
  const Suites suites = read_suites(remembering_reader(files));
  check_files(files,
              std::vector<FileOption>{{"--json", options.json}, {"--report", options.report}});
  const std::vector<ScoreRow> rows = run_suites(suites, {}, options.threads, show_progress);
  write_validation(scoreboard_text(rows), scoreboard_json(rows), options.json);
  if (!options.report.empty()) {
    write_file(options.report, scoreboard_page(rows, command_line));
  }
}

}  // namespace

void add_validate_all(CLI::App& validate, Subcommand& action, const std::string& command_line) {
  auto options = std::make_shared<ValidateAllOptions>();
  CLI::App& command = *validate.add_subcommand(
      "all", "every machine that others have measured, row by row, beside SCALE-Sim's closed form");
  command.add_option("--json", options->json,
                     "write the scoreboard as JSON, '-' for standard output instead of the table");
  command
      .add_option("--report", options->report,
                  "write the scoreboard as a page with a chart, one HTML file that any browser "
                  "opens without a network")
      ->type_name(kFileValue);
  add_threads_option(command, options->threads);
  command.footer(
      "The first TPU's tables and power, Gemmini's layers on FireSim, tinyTPU on a Zynq-7020, and\n"
      "GAP9's two voltages. Nothing is fitted, and missed rows are shown. docs/trust.md says how "
      "to\n"
      "read it.\nExample:\n  systol validate all --json all.json");
  command.callback([options, &action, command_line] {
    action = [options, command_line] {
      validate_all(*options, command_line);
      return kOk;
    };
  });
}

}  // namespace systol
