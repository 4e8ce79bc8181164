#include <fmt/format.h>

#include <memory>

#include "host/cli/commands.h"
#include "host/cli/completion.h"
#include "host/cli/help_text.h"
#include "host/cli/man_page.h"
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
  for (const std::string& word : path) {
    const CLI::App* next = find_command(*command, word);
    if (next == nullptr) {
      throw InputError(unknown_command_text(*command, word));
    }
    command = next;
  }
  fmt::print("{}", help_text(*command));
  return kOk;
}

int print(const std::string& text) {
  fmt::print("{}", text);
  return kOk;
}

}  // namespace

void add_help_command(CLI::App& app, Subcommand& action) {
  auto path = std::make_shared<std::vector<std::string>>();
  CLI::App& command = *app.add_subcommand("help", "Explains a command, as its --help does");
  command.add_option("COMMAND", *path, "the command's words, as in `systol help rtl build`");
  auto man = std::make_shared<bool>(false);
  command.add_flag("--man", *man, "write the man page.\n  systol help --man | man -l -");
  command.callback([&app, &action, path, man] {
    action = [&app, path, man] {
      if (*man && !path->empty()) {
        throw InputError("--man: there is one page for all commands; give no COMMAND");
      }
      return *man ? print(man_page(app)) : help(app, *path);
    };
  });
}

void add_completion_command(CLI::App& app, Subcommand& action) {
  auto shell = std::make_shared<std::string>();
  CLI::App& command =
      *app.add_subcommand("completion", "Writes a script that completes command lines in a shell");
  command.add_option("SHELL", *shell, "bash or zsh")
      ->required()
      ->check(CLI::IsMember(std::vector<std::string>{"bash", "zsh"}));
  command.footer(
      "Examples:\n  source <(systol completion bash)\n"
      "  systol completion zsh > ~/.zsh/completions/_systol   # a folder of $fpath");
  command.callback([&app, &action, shell] {
    action = [&app, shell] {
      return print(*shell == "bash" ? bash_completion(app) : zsh_completion(app));
    };
  });
}

}  // namespace systol
