#include "host/cli/validate_command.h"

namespace systol {

void add_validate_command(CLI::App& app, Subcommand& action) {
  CLI::App& command = *app.add_subcommand(
      "validate", "Runs what others have measured and published, and prints both side by side");
  command.require_subcommand(1);
  command.footer(
      "A suite says how close Systol comes to other people's numbers; it passes no judgement, and\n"
      "its exit status is 0 whatever they are. Sources and assumptions: docs/validation.md.\n"
      "Examples:\n  systol validate gemmini\n  systol validate tpu-v1");
  add_validate_gemmini(command, action);
  add_validate_tpu_v1(command, action);
}

}  // namespace systol
