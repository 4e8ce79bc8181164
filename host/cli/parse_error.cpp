#include "host/cli/parse_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>
#include <vector>

#include "sim/base/error.h"
#include "sim/config/nearest.h"

namespace systol {
namespace {

using Names = std::vector<std::string_view>;

/// Whether a word that no option took was meant as one: "-x" and "--nope", but not "-1" or "--".
bool looks_like_option(std::string_view word) {
  return word.size() > 1 && word.front() == '-' && word != "--" &&
         std::isdigit(static_cast<unsigned char>(word[1])) == 0;
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      names.push_back("--" + name);
    }
  }
  return names;
}

/// Those that begin with what was given, or else the one that differs in a letter or two.
std::string option_hint(std::string_view given, const Names& names) {
  std::vector<std::string> starting;
  for (const std::string_view name : names) {
    if (given.starts_with("--") && given.size() > 2 && name.starts_with(given)) {
      starting.push_back(fmt::format("'{}'", name));
    }
  }
  if (starting.empty()) {
    return did_you_mean(given, names);
  }
  return fmt::format(" (did you mean {}?)", fmt::join(starting, " or "));
}

/// Empty if every word that looks like an option is one.
std::string unknown_option_text(const CLI::App& command) {
  const std::vector<std::string> words = command.remaining();
  const auto word = std::ranges::find_if(words, looks_like_option);
  if (word == words.end()) {
    return {};
  }
  const std::string option = word->substr(0, word->find('='));
  const std::vector<std::string> names = option_names(command);
  return fmt::format("unknown option {}{}", in_quotes(option),
                     option_hint(option, Names(names.begin(), names.end())));
}

}  // namespace

const CLI::App& given_command(const CLI::App& app) {
  const CLI::App* last = &app;
  while (!last->get_subcommands().empty()) {
    last = last->get_subcommands().front();
  }
  return *last;
}

std::string unknown_command_text(const CLI::App& parent, const std::string& word) {
  std::vector<std::string> commands;
  for (const CLI::App* command : parent.get_subcommands([](const CLI::App*) { return true; })) {
    commands.push_back(command->get_name());
  }
  const Names names(commands.begin(), commands.end());
  if (names.empty()) {
    return fmt::format("unknown command {}; '{}' has none", in_quotes(word), parent.get_name());
  }
  return fmt::format("unknown command {}{}; there are {}", in_quotes(word),
                     did_you_mean(word, names), join_names(names));
}

std::string parse_error_text(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = given_command(app);
  if (const std::string text = unknown_option_text(command); !text.empty()) {
    return text;
  }
  const std::vector<std::string> words = command.remaining();
  if (command.get_require_subcommand_min() != 0 && !words.empty()) {
    return unknown_command_text(command, words.front());
  }
  return error.what();
}

void require_positionals_together(const CLI::App& app) {
  const std::vector<CLI::Option*>& order = given_command(app).parse_order();
  const auto positional = [](const CLI::Option* option) { return option->get_positional(); };
  const auto first = std::ranges::find_if(order, positional);
  const auto gap = std::find_if_not(first, order.end(), positional);
  const auto apart = std::find_if(gap, order.end(), positional);
  if (apart == order.end()) {
    return;
  }
  const CLI::Option& argument = **apart;
  const CLI::Option& before = **std::prev(apart);
  // CLI11 notes an argument once for each of its words.
  const auto earlier = static_cast<std::size_t>(std::count(order.begin(), apart, &argument));
  throw InputError(
      fmt::format("{} after {} would be one more of {}, which must stand together; "
                  "{} takes {} value",
                  in_quotes(argument.results()[earlier]), before.get_name(), argument.get_name(),
                  before.get_name(), before.get_items_expected_max() == 0 ? "no" : "one"));
}

}  // namespace systol
