// The suites of `systol validate`; each adds itself to the command.
#pragma once

#include "host/cli/commands.h"

namespace systol {

void add_validate_gemmini(CLI::App& validate, Subcommand& action);
void add_validate_tpu_v1(CLI::App& validate, Subcommand& action);

}  // namespace systol
