// The suites of `systol validate`; each adds itself to the command.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "host/cli/commands.h"

namespace systol {

/// Prints the text, and writes the JSON to `file`, if there is one; '-' prints it instead.
void write_validation(const std::string& text, const nlohmann::ordered_json& json,
                      const std::string& file);

void add_validate_all(CLI::App& validate, Subcommand& action, const std::string& command_line);
void add_validate_energy(CLI::App& validate, Subcommand& action);
void add_validate_gemmini(CLI::App& validate, Subcommand& action);
void add_validate_tpu_v1(CLI::App& validate, Subcommand& action);

}  // namespace systol
