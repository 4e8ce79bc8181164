#include <fmt/format.h>

#include <memory>

#include "host/cli/commands.h"
#include "host/cli/parse_error.h"
#include "sim/base/error.h"

namespace systol {
namespace {

/// nullptr where `parent` has no such command.
const CLI::App* find_command(const CLI::App& parent, const std::string& name) {
  const auto found = parent.get_subcommands(
      [&name](const CLI::App* command) { return command->get_name() == name; });
  return found.empty() ? nullptr : found.front();
}

/// `path` is the command's words, as {"rtl", "build"}; without any it is the program.
int help(const CLI::App& app, const std::vector<std::string>& path) {
  const CLI::App* command = &app;
  std::string name = "systol";
  for (const std::string& word : path) {
    const CLI::App* next = find_command(*command, word);
    if (next == nullptr) {
      throw InputError(unknown_command_text(*command, word));
    }
    command = next;
    name += " " + word;
  }
  fmt::print("{}", command->get_formatter()->make_help(command, name, CLI::AppFormatMode::Normal));
  return kOk;
}

}  // namespace

void add_help_command(CLI::App& app, Subcommand& action) {
  auto path = std::make_shared<std::vector<std::string>>();
  CLI::App& command = *app.add_subcommand("help", "Explains a command, as its --help does");
  command.add_option("COMMAND", *path, "the command's words, as in `systol help rtl build`");
  command.callback([&app, &action, path] { action = [&app, path] { return help(app, *path); }; });
}

}  // namespace systol
