#include "host/cli/option_text.h"

#include <algorithm>
#include <string_view>

namespace systol {
namespace {

/// Type names that CLI11 takes from the variable.
std::string_view placeholder(std::string_view type) {
  if (type.starts_with("UINT") || type.starts_with("INT")) {
    return "N";
  }
  if (type.starts_with("FLOAT")) {
    return "X";
  }
  return type.starts_with("TEXT") ? "TEXT" : type.substr(0, type.find(':'));
}

bool is_flag(const CLI::Option& option) { return option.get_type_size() == 0; }

}  // namespace

std::vector<std::string> names_of(const CLI::Option& option) {
  if (option.get_positional()) {
    return {option.get_name(true, false)};
  }
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) {
    names.push_back("-" + name);
  }
  for (const std::string& name : option.get_lnames()) {
    names.push_back("--" + name);
  }
  return names;
}

std::vector<std::string> choices_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::size_t begin = type.find('{');
  const std::size_t end = type.find('}');
  if (begin == std::string::npos || end == std::string::npos || end < begin) {
    return {};
  }
  return CLI::detail::split(type.substr(begin + 1, end - begin - 1), ',');
}

std::string kind_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  return type.substr(0, type.find(':'));
}

std::string value_of(const CLI::Option& option) {
  if (is_flag(option) || option.get_positional()) {
    return {};
  }
  const std::vector<std::string> choices = choices_of(option);
  std::string value = choices.empty() ? std::string(placeholder(option.get_type_name()))
                                      : "{" + CLI::detail::join(choices, ",") + "}";
  if (option.get_expected_max() >= CLI::detail::expected_max_vector_size) {
    value += "...";
  }
  return value;
}

std::vector<const CLI::Option*> options_of(const CLI::App& command) {
  return command.get_options([](const CLI::Option* option) {
    return option->nonpositional() && !option->get_group().empty();
  });
}

std::vector<const CLI::Option*> arguments_of(const CLI::App& command) {
  return command.get_options([](const CLI::Option* option) {
    return option->get_positional() && !option->get_group().empty();
  });
}

std::vector<const CLI::App*> commands_of(const CLI::App& command) {
  return command.get_subcommands([](const CLI::App* below) { return !below->get_group().empty(); });
}

std::string footer_of(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  const std::string footer = command.get_footer();
  return parent != nullptr && parent->get_footer() == footer ? "" : footer;
}

std::string path_of(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent == nullptr ? "systol" : path_of(*parent) + " " + command.get_name();
}

}  // namespace systol
