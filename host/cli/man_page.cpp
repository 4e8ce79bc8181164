#include "host/cli/man_page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>

#include "host/cli/option_text.h"
#include "host/report/version.h"

namespace systol {
namespace {

/// Text in which nothing is a request or an escape of troff.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    switch (letter) {
      case '\\':
        result += "\\e";
        break;
      case '-':
        result += "\\-";
        break;
      case '.':
      case '\'':
        result += result.empty() ? "\\&" : "";
        [[fallthrough]];
      default:
        result += letter;
    }
  }
  return result;
}

/// Lines that begin with a blank are examples, which stay as they are.
std::string paragraphs(std::string_view text) {
  std::string result;
  bool example = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const bool is_example = line.starts_with(' ');
    if (is_example != example) {
      result += is_example ? ".RS\n.nf\n" : ".fi\n.RE\n";
      example = is_example;
    }
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    result += escaped(line) + "\n";
  }
  return result + (example ? ".fi\n.RE\n" : "");
}

std::string entry(const CLI::Option& option) {
  std::string text = ".TP\n";
  std::vector<std::string> names;
  for (const std::string& name : names_of(option)) {
    names.push_back(fmt::format("\\fB{}\\fR", escaped(name)));
  }
  text += fmt::format("{}", fmt::join(names, ", "));
  if (const std::string value = value_of(option); !value.empty()) {
    text += fmt::format(" \\fI{}\\fR", escaped(value));
  }
  return text + "\n" + paragraphs(option.get_description());
}

/// A command and those below it, each under a heading.
std::string command_section(const CLI::App& command) {
  std::string text = fmt::format(".SS {}\n", escaped(path_of(command).substr(7)));
  text += paragraphs(command.get_description());
  for (const CLI::Option* argument : arguments_of(command)) {
    text += entry(*argument);
  }
  for (const CLI::Option* option : options_of(command)) {
    if (option != command.get_help_ptr()) {
      text += entry(*option);
    }
  }
  if (const std::string footer = footer_of(command); !footer.empty()) {
    text += ".PP\n" + paragraphs(footer);
  }
  for (const CLI::App* below : commands_of(command)) {
    text += command_section(*below);
  }
  return text;
}

constexpr std::string_view kEnvironment = R"(.SH ENVIRONMENT
.TP
.B SYSTOL_CACHE
The folder for verilated libraries of array sizes that are not built with the project; without it
.IR $XDG_CACHE_HOME/systol ,
or
.IR ~/.cache/systol .
.TP
.B SYSTOL_RTL_DIR
The folder of those that are.
.TP
.B SYSTOL_SOURCES
The folder that has configs/ and hw/rtl/ in it, instead of the installed one.
.TP
.B NO_COLOR
If it is set and not empty, nothing is printed in colour.
.TP
.B COLUMNS
The width of help where standard output is no terminal.
)";

}  // namespace

std::string man_page(const CLI::App& app) {
  std::string text = fmt::format(".TH SYSTOL 1 \"\" \"systol {}\" \"User Commands\"\n", kVersion);
  text += ".SH NAME\nsystol \\- simulate a systolic-array TPU\n";
  text += ".SH SYNOPSIS\n.B systol\n.I COMMAND\n.RI [ OPTIONS ]\n";
  text += ".SH DESCRIPTION\n" + paragraphs(app.get_description());
  text += ".SH OPTIONS\n";
  for (const CLI::Option* option : options_of(app)) {
    text += entry(*option);
  }
  text += ".SH COMMANDS\n";
  for (const CLI::App* command : commands_of(app)) {
    text += command_section(*command);
  }
  text += ".SH NOTES\n" + paragraphs(app.get_footer());
  return text + std::string(kEnvironment);
}

}  // namespace systol
