#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "host/cli/commands.h"
#include "host/cli/file_options.h"
#include "host/cli/option_text.h"
#include "host/cli/progress_line.h"
#include "host/cli/terminal.h"
#include "host/report/json.h"
#include "host/sweep/budget_check.h"
#include "sim/base/output_file.h"

namespace systol {
namespace {

struct CheckWords {
  std::string budgets;
  std::string json;
};

int check(const CheckWords& words) {
  std::vector<FileOption> inputs = yaml_file_options("BUDGETS", words.budgets);
  const std::vector<BudgetedRun> runs = load_budgets(words.budgets);
  for (const BudgetedRun& run : runs) {
    std::ranges::copy(model_file_options("BUDGETS (model)", run.model), std::back_inserter(inputs));
    inputs.push_back({"BUDGETS (array)", run.array.string()});
  }
  check_files(inputs, std::vector<FileOption>{{"--json", words.json}});
  std::vector<BudgetResult> results;
  for (const BudgetedRun& run : runs) {
    std::ranges::move(check_budgets(run, show_progress), std::back_inserter(results));
  }
  if (!words.json.empty()) {
    write_file(words.json, json_text(budget_json(results)));
  }
  if (words.json != "-") {
    fmt::print("{}", budget_text(results, known_width(stdout).value_or(kAnyWidth)));
  }
  return std::ranges::any_of(results, &BudgetResult::failed) ? kWrongResult : kOk;
}

}  // namespace

void add_check_command(CLI::App& app, Subcommand& action) {
  auto words = std::make_shared<CheckWords>();
  CLI::App& command = *app.add_subcommand(
      "check", "Runs models and compares cycles and energy with the budgets of a file");
  command.add_option("BUDGETS", words->budgets, "a YAML file; docs/budgets.md has its keys")
      ->type_name(kFileValue)
      ->required();
  command
      .add_option("--json", words->json,
                  "write budgets and measurements as JSON, '-' for standard output.\n"
                  "  --json budgets.json")
      ->type_name(kFileValue);
  command.footer(
      "Exit status: 0 where all budgets are met, 1 where one is not, 2 where the file is wrong.\n"
      "Example:\n  systol check configs/budgets/digits.yaml");
  command.callback([words, &action] { action = [words] { return check(*words); }; });
}

}  // namespace systol
