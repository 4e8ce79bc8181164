#include "host/cli/validate_command.h"

#include <fmt/format.h>

#include "host/report/json.h"
#include "sim/base/output_file.h"

namespace systol {

void write_validation(const std::string& text, const nlohmann::ordered_json& json,
                      const std::string& file) {
  if (file != "-") {
    fmt::print("{}", text);
  }
  if (!file.empty()) {
    write_file(file, json_text(json));
  }
}

void add_validate_command(CLI::App& app, Subcommand& action, const std::string& command_line) {
  CLI::App& command = *app.add_subcommand(
      "validate", "Runs what others have measured and published, and prints both side by side");
  command.require_subcommand(1);
  command.footer(
      "A suite says how close Systol comes to other people's numbers; it passes no judgement, and\n"
      "its exit status is 0 whatever they are. Sources and assumptions: docs/validation.md.\n"
      "Examples:\n  systol validate all\n  systol validate energy\n  systol validate gemmini\n  "
      "systol validate tpu-v1");
  add_validate_all(command, action, command_line);
  add_validate_energy(command, action);
  add_validate_gemmini(command, action);
  add_validate_tpu_v1(command, action);
}

}  // namespace systol
