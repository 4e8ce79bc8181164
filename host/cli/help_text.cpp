#include "host/cli/help_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "host/cli/option_text.h"
#include "host/cli/terminal.h"

namespace systol {
namespace {

constexpr std::size_t kWidest = 120;  ///< longer lines are hard to read
constexpr std::size_t kColumn = 30;   ///< where explanations begin
constexpr std::size_t kNarrowColumn = 8;
constexpr std::size_t kNarrow = 64;  ///< up to that width they begin there, on their own lines

std::string heading(const std::string& text) {
  return "\n" + styled(text + ":", Style::Bold, stdout) + "\n";
}

std::string wrapped_line(std::string_view line, std::size_t indent, std::size_t width) {
  std::string text;
  std::size_t column = indent;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find(' '), line.size());
    const std::string_view word = line.substr(0, end);
    if (column > indent && column + 1 + word.size() > width) {
      text += "\n" + std::string(indent, ' ');
      column = indent;
    }
    if (column > indent) {
      text += ' ';
      ++column;
    }
    text += word;
    column += word.size();
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return text;
}

/// Sources break sentences over lines: a line goes on in the next one, unless it is an example,
/// ends a sentence, or an empty or indented one follows.
std::size_t end_of_paragraph(std::string_view text) {
  std::size_t end = std::min(text.find('\n'), text.size());
  while (end > 0 && end + 1 < text.size() && !text.starts_with(' ') && text[end - 1] != '.' &&
         text[end - 1] != ':' && text[end - 1] != '\n' && text[end + 1] != ' ' &&
         text[end + 1] != '\n') {
    end = std::min(text.find('\n', end + 1), text.size());
  }
  return end;
}

/// A name and what it means, in two columns.
std::string entry(const std::string& name, std::string_view meaning, std::size_t width) {
  const std::size_t column = width <= kNarrow ? kNarrowColumn : kColumn;
  std::string text = "  " + name;
  if (meaning.empty()) {
    return text + "\n";
  }
  text += text.size() + 2 > column ? "\n" + std::string(column, ' ')
                                   : std::string(column - text.size(), ' ');
  return text + wrapped(meaning, column, width) + "\n";
}

std::string entry(const CLI::Option& option, std::size_t width) {
  std::string name = fmt::format("{}", fmt::join(names_of(option), ","));
  if (const std::string value = value_of(option); !value.empty()) {
    name += " " + value;
  }
  std::string meaning = option.get_description();
  if (const std::string usual = option.get_default_str(); !usual.empty()) {
    const std::size_t line = std::min(meaning.find('\n'), meaning.size());
    meaning.insert(line, fmt::format(" (default: {})", usual));
  }
  if (option.get_required() && !option.get_positional()) {
    meaning.insert(0, "(required) ");
  }
  return entry(name, meaning, width);
}

std::string argument_usage(const CLI::Option& argument) {
  std::string text = argument.get_name(true, false);
  if (argument.get_expected_max() >= CLI::detail::expected_max_vector_size) {
    text += "...";
  }
  return argument.get_required() ? text : "[" + text + "]";
}

std::string usage(const CLI::App& command) {
  std::string text = fmt::format("\nUsage: {} [OPTIONS]", path_of(command));
  for (const CLI::Option* argument : arguments_of(command)) {
    text += " " + argument_usage(*argument);
  }
  return text + (commands_of(command).empty() ? "" : " SUBCOMMAND") + "\n";
}

/// By group, in the order in which groups are first met.
template <class Entry>
std::vector<std::string> groups_of(const std::vector<const Entry*>& entries) {
  std::vector<std::string> groups;
  for (const Entry* one : entries) {
    if (std::ranges::find(groups, one->get_group()) == groups.end()) {
      groups.push_back(one->get_group());
    }
  }
  return groups;
}

std::string option_groups(const CLI::App& command, std::size_t width) {
  const std::vector<const CLI::Option*> options = options_of(command);
  std::string text;
  for (const std::string& group : groups_of(options)) {
    text += heading(group);
    for (const CLI::Option* option : options) {
      if (option->get_group() == group) {
        text += entry(*option, width);
      }
    }
  }
  return text;
}

std::string command_groups(const CLI::App& command, std::size_t width) {
  const std::vector<const CLI::App*> commands = commands_of(command);
  std::string text;
  for (const std::string& group : groups_of(commands)) {
    text += heading(group);
    for (const CLI::App* below : commands) {
      if (below->get_group() == group) {
        text += entry(below->get_name(), below->get_description(), width);
      }
    }
  }
  return text;
}

/// In the place of CLI11's.
class HelpText : public CLI::Formatter {
 public:
  std::string make_help(const CLI::App* command, std::string /*name*/,
                        CLI::AppFormatMode /*mode*/) const override {
    return help_text(*command);
  }
};

}  // namespace

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  std::string result;
  while (true) {
    const std::size_t end = end_of_paragraph(text);
    std::string paragraph(text.substr(0, end));
    std::ranges::replace(paragraph, '\n', ' ');
    result += paragraph.starts_with(' ') ? paragraph : wrapped_line(paragraph, indent, width);
    if (end == text.size()) {
      return result;
    }
    text.remove_prefix(end + 1);
    result += "\n" + std::string(indent, ' ');
  }
}

std::string help_text(const CLI::App& command, std::size_t width) {
  std::string text = wrapped(command.get_description(), 0, width) + "\n" + usage(command);
  if (const auto arguments = arguments_of(command); !arguments.empty()) {
    text += heading("Arguments");
    for (const CLI::Option* argument : arguments) {
      text += entry(*argument, width);
    }
  }
  text += option_groups(command, width) + command_groups(command, width);
  if (const std::string footer = footer_of(command); !footer.empty()) {
    text += "\n" + wrapped(footer, 0, width) + "\n";
  }
  return text;
}

std::string help_text(const CLI::App& command) {
  return help_text(command, std::min(text_width(stdout), kWidest));
}

void use_help_text(CLI::App& app) { app.formatter(std::make_shared<HelpText>()); }

}  // namespace systol
