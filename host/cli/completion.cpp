#include "host/cli/completion.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>
#include <string_view>
#include <vector>

#include "host/cli/option_text.h"
#include "sim/base/shell_word.h"

namespace systol {
namespace {

/// The argument of `systol help`: a command's name.
constexpr std::string_view kCommandArgument = "COMMAND";

/// Calls `visit` for the program, its commands, and theirs.
void for_each_command(const CLI::App& app, const std::function<void(const CLI::App&)>& visit) {
  visit(app);
  for (const CLI::App* below : commands_of(app)) {
    for_each_command(*below, visit);
  }
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* below : commands_of(app)) {
    names.push_back(below->get_name());
  }
  return names;
}

std::vector<std::string> option_words(const CLI::App& command) {
  std::vector<std::string> words;
  for (const CLI::Option* option : options_of(command)) {
    const std::vector<std::string> names = names_of(*option);
    words.insert(words.end(), names.begin(), names.end());
  }
  return words;
}

/// "systol run" | "systol rtl" | ..., for a case.
std::string all_paths(const CLI::App& app) {
  std::vector<std::string> paths;
  for_each_command(app, [&](const CLI::App& command) {
    if (command.get_parent() != nullptr) {
      paths.push_back(in_shell_quotes(path_of(command)));
    }
  });
  return fmt::format("{}", fmt::join(paths, " | "));
}

/// The first sentence.
std::string summary_of(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  const std::size_t end = text.find(". ");
  return std::string(text.substr(0, end));
}

namespace bash {

/// What completes a value: a line of the script.
std::string action(const CLI::Option& option, const CLI::App& app) {
  if (kind_of(option) == kFileValue) {
    return "_systol_names -f";
  }
  if (kind_of(option) == kFolderValue) {
    return "_systol_names -d";
  }
  const std::vector<std::string> choices =
      option.get_name(true, false) == kCommandArgument ? command_names(app) : choices_of(option);
  return fmt::format("_systol_words {}",
                     in_shell_quotes(fmt::format("{}", fmt::join(choices, " "))));
}

std::string values(const CLI::App& app) {
  std::string text;
  for_each_command(app, [&](const CLI::App& command) {
    for (const CLI::Option* option : options_of(command)) {
      if (value_of(*option).empty()) {
        continue;
      }
      std::vector<std::string> words;
      for (const std::string& name : names_of(*option)) {
        words.push_back(in_shell_quotes(path_of(command) + " " + name));
      }
      text += fmt::format("    {}) {}; return ;;\n", fmt::join(words, " | "), action(*option, app));
    }
  });
  return text;
}

std::string commands(const CLI::App& app) {
  std::string text;
  for_each_command(app, [&](const CLI::App& command) {
    std::string other = ":";
    if (const std::vector<std::string> names = command_names(command); !names.empty()) {
      other = fmt::format("_systol_words {}",
                          in_shell_quotes(fmt::format("{}", fmt::join(names, " "))));
    } else if (const auto arguments = arguments_of(command); !arguments.empty()) {
      other = action(*arguments.front(), app);
    }
    text += fmt::format(
        "    {})\n      if [[ $word == -* ]]; then _systol_words {}\n      else {}\n      fi ;;\n",
        in_shell_quotes(path_of(command)),
        in_shell_quotes(fmt::format("{}", fmt::join(option_words(command), " "))), other);
  });
  return text;
}

constexpr std::string_view kScript =
    R"(# bash completion for systol; `systol completion bash` wrote it.
_systol_words() {{ mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word"); }}
_systol_names() {{
  compopt -o filenames 2>/dev/null || true
  mapfile -t COMPREPLY < <(compgen "$1" -- "$word")
}}
_systol() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} at=systol i
  COMPREPLY=()
  # --option=value comes as three words.
  if [[ $word == = ]]; then word=
  elif [[ $before == = ]]; then before=${{COMP_WORDS[COMP_CWORD-2]}}
  fi
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case "$at ${{COMP_WORDS[i]}}" in
    {paths}) at="$at ${{COMP_WORDS[i]}}" ;;
    esac
  done
  case "$at $before" in
{values}  esac
  case "$at" in
{commands}  esac
}}
complete -F _systol systol
)";

}  // namespace bash

namespace zsh {

/// Text of a specification of _arguments.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    if (letter == ':' || letter == '[' || letter == ']' || letter == '\\') {
      result += '\\';
    }
    result += letter;
  }
  return result;
}

std::string action(const CLI::Option& option, const CLI::App& app) {
  if (kind_of(option) == kFileValue) {
    return "_files";
  }
  if (kind_of(option) == kFolderValue) {
    return "_files -/";
  }
  const std::vector<std::string> choices =
      option.get_name(true, false) == kCommandArgument ? command_names(app) : choices_of(option);
  return choices.empty() ? " " : fmt::format("({})", fmt::join(choices, " "));
}

std::string arguments(const CLI::App& command, const CLI::App& app) {
  std::string text;
  for (const CLI::Option* option : options_of(command)) {
    const std::string value = value_of(*option);
    const std::string tail =
        fmt::format("[{}]", escaped(summary_of(option->get_description()))) +
        (value.empty() ? "" : fmt::format(":{}:{}", escaped(value), action(*option, app)));
    for (const std::string& name : names_of(*option)) {
      text += fmt::format(" \\\n      {}", in_shell_quotes("*" + name + tail));
    }
  }
  for (const CLI::Option* argument : arguments_of(command)) {
    text += fmt::format(" \\\n      {}",
                        in_shell_quotes(fmt::format("*:{}:{}", argument->get_name(true, false),
                                                    action(*argument, app))));
  }
  return text;
}

std::string commands(const CLI::App& app) {
  std::string text;
  for_each_command(app, [&](const CLI::App& command) {
    text += fmt::format("    ({})\n", in_shell_quotes(path_of(command)));
    if (commands_of(command).empty()) {
      text += fmt::format("      _arguments{} ;;\n", arguments(command, app));
      return;
    }
    std::vector<std::string> names;
    for (const CLI::App* below : commands_of(command)) {
      names.push_back(
          in_shell_quotes(below->get_name() + ":" + escaped(summary_of(below->get_description()))));
    }
    text += fmt::format(
        "      commands=({})\n      if [[ $PREFIX == -* ]]; then _arguments{}\n"
        "      else _describe command commands\n      fi ;;\n",
        fmt::join(names, "\n        "), arguments(command, app));
  });
  return text;
}

constexpr std::string_view kScript = R"(#compdef systol
# zsh completion for systol; `systol completion zsh` wrote it.
_systol() {{
  local at=systol i first=1
  local -a commands
  for ((i = 2; i < CURRENT; ++i)); do
    case "$at $words[i]" in
    ({paths}) at="$at $words[i]"; first=$i ;;
    esac
  done
  shift $((first - 1)) words
  ((CURRENT -= first - 1))
  case "$at" in
{commands}  esac
}}
if [[ $funcstack[1] == _systol ]]; then _systol "$@"
else compdef _systol systol
fi
)";

}  // namespace zsh

}  // namespace

std::string bash_completion(const CLI::App& app) {
  return fmt::format(bash::kScript, fmt::arg("paths", all_paths(app)),
                     fmt::arg("values", bash::values(app)),
                     fmt::arg("commands", bash::commands(app)));
}

std::string zsh_completion(const CLI::App& app) {
  return fmt::format(zsh::kScript, fmt::arg("paths", all_paths(app)),
                     fmt::arg("commands", zsh::commands(app)));
}

}  // namespace systol
