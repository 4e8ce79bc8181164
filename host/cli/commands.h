// The subcommands. Each adds itself to the program and returns its exit status when it runs.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "host/cli/command_line.h"

namespace systol {

/// What runs after parsing; the subcommand that was given sets it.
using Subcommand = std::function<int()>;

void add_run_command(CLI::App& app, Subcommand& action, const std::string& command_line);
void add_compare_command(CLI::App& app, Subcommand& action, const std::string& command_line);
void add_sweep_command(CLI::App& app, Subcommand& action, const std::string& command_line);
void add_train_command(CLI::App& app, Subcommand& action, const std::string& command_line);
void add_generate_command(CLI::App& app, Subcommand& action);
void add_describe_command(CLI::App& app, Subcommand& action);
void add_explain_command(CLI::App& app, Subcommand& action, const std::string& command_line);
void add_check_command(CLI::App& app, Subcommand& action);
void add_config_command(CLI::App& app, Subcommand& action);
void add_program_commands(CLI::App& app, Subcommand& action);
void add_fuzz_command(CLI::App& app, Subcommand& action);
void add_rtl_command(CLI::App& app, Subcommand& action);
void add_idle_command(CLI::App& app, Subcommand& action);
void add_validate_command(CLI::App& app, Subcommand& action, const std::string& command_line);
void add_help_command(CLI::App& app, Subcommand& action);
void add_completion_command(CLI::App& app, Subcommand& action);

}  // namespace systol
