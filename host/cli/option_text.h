// What help, the man page and completion say of an option, from its definition.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace systol {

/// Type names that say what a value names, for CLI::Option::type_name.
inline constexpr const char* kFileValue = "FILE";
inline constexpr const char* kFolderValue = "FOLDER";

/// "-c", "--config"; of a positional argument its name.
std::vector<std::string> names_of(const CLI::Option& option);

/// What stands for the value: "FILE", "N", "{fast,rtl,systemc}"; empty for a flag and for a
/// positional argument. "..." after it where there may be several.
std::string value_of(const CLI::Option& option);

/// The values that there are, if only these are allowed.
std::vector<std::string> choices_of(const CLI::Option& option);

/// "FILE", "FOLDER", or another type's name.
std::string kind_of(const CLI::Option& option);

/// Those of a command that people are told of, in the order in which they were defined.
std::vector<const CLI::Option*> options_of(const CLI::App& command);
std::vector<const CLI::Option*> arguments_of(const CLI::App& command);
std::vector<const CLI::App*> commands_of(const CLI::App& command);

/// What stands below the command's help; empty where it is only its parent's, which CLI11 hands on.
std::string footer_of(const CLI::App& command);

/// "systol rtl build"
std::string path_of(const CLI::App& command);

}  // namespace systol
