// What is wrong with a command line, said so that the user sees which word is meant.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace systol {

/// The sentence for a command line that `app` did not parse: an unknown command or option with the
/// nearest that there is, otherwise what CLI11 says.
std::string parse_error_text(const CLI::App& app, const CLI::ParseError& error);

/// A word after an option's value counts as one more positional argument, as 16 does in
/// "compare M -c A --batch 1 16". Throws InputError unless the positional arguments of the command
/// that was given stand in one place.
void require_positionals_together(const CLI::App& app);

/// The command that was given: the last in "systol rtl build".
const CLI::App& given_command(const CLI::App& app);

/// "unknown command 'runn' (did you mean 'run'?); there are run, compare".
std::string unknown_command_text(const CLI::App& parent, const std::string& word);

}  // namespace systol
