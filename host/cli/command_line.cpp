#include "host/cli/command_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "host/cli/commands.h"
#include "host/cli/help_text.h"
#include "host/cli/parse_error.h"
#include "host/report/version.h"
#include "sim/base/error.h"
#include "sim/base/text.h"

namespace systol {
namespace {

/// For reports.
std::string joined(int argc, char* argv[]) {
  std::string line;
  for (int i = 0; i < argc; ++i) {
    line += i == 0 ? "systol" : " " + printable(argv[i]);
  }
  return line;
}

/// An empty word comes from a script's variable that was not set: never ignored.
void refuse_empty_arguments(int argc, char* argv[]) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const std::string_view before = i == 1 ? "systol" : argv[i - 1];
    if (word.empty()) {
      throw InputError(fmt::format("the argument after '{}' is empty", before));
    }
    if (word.starts_with("--") && word.find('=') == word.size() - 1) {
      throw InputError(fmt::format("{} has an empty value", word.substr(0, word.size() - 1)));
    }
  }
}

/// For help; a command that is not named here stands under "Other commands".
void group_commands(CLI::App& app) {
  const std::map<std::string_view, std::vector<std::string_view>> groups{
      {"Networks on arrays",
       {"run", "compare", "sweep", "train", "generate", "describe", "explain"}},
      {"Arrays", {"config", "idle", "rtl"}},
      {"Trust", {"validate", "check", "fuzz"}},
      {"Programs", {"compile", "asm", "disasm"}},
      {"Help", {"help", "completion"}}};
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    command->group("Other commands");
    for (const auto& [group, names] : groups) {
      if (std::ranges::find(names, command->get_name()) != names.end()) {
        command->group(std::string(group));
      }
    }
  }
}

}  // namespace

int run_command_line(int argc, char* argv[]) {
  refuse_empty_arguments(argc, argv);
  CLI::App app{
      "Simulates a TPU-class accelerator: a systolic matrix unit, the memories around it "
      "and the runtime that drives it.\nEvery run reports checked outputs, cycles with "
      "their reasons, and energy with its sources."};
  use_help_text(app);
  app.set_help_flag("-h,--help", "print this help");
  app.set_version_flag("-V,--version", std::string("systol ") + kVersion, "print the version");
  app.require_subcommand(1);
  app.footer(
      "Exit status: 0 ok, 1 the result is wrong, 2 the input is wrong, 3 the environment is "
      "(a missing tool, no space).\n"
      "A model or array that is not in the working folder is looked for in the installed files: "
      "configs/edge_16x16.yaml.\n"
      "Start with:\n"
      "  systol run configs/models/mnist_mlp.onnx -c configs/edge_16x16.yaml\n"
      "Help on a command:\n"
      "  systol help run, or systol run --help");
  Subcommand action;
  const std::string command_line = joined(argc, argv);
  add_run_command(app, action, command_line);
  add_compare_command(app, action, command_line);
  add_sweep_command(app, action, command_line);
  add_train_command(app, action, command_line);
  add_generate_command(app, action);
  add_describe_command(app, action);
  add_explain_command(app, action, command_line);
  add_idle_command(app, action);
  add_validate_command(app, action, command_line);
  add_check_command(app, action);
  add_config_command(app, action);
  add_program_commands(app, action);
  add_rtl_command(app, action);
  add_fuzz_command(app, action);
  add_help_command(app, action);
  add_completion_command(app, action);
  group_commands(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {  // --help, --version
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    throw InputError(parse_error_text(app, error) + " (see --help)");
  }
  require_positionals_together(app);
  return action();
}

}  // namespace systol
