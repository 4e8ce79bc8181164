#include <fmt/format.h>

#include <memory>

#include "host/account/hardware.h"
#include "host/cli/commands.h"
#include "host/cli/load_array.h"
#include "host/cli/option_text.h"
#include "sim/config/array_file.h"

namespace systol {
namespace {

struct ConfigOptions {
  std::string file;
  std::vector<std::string> overrides;
};

/// Loads the array and the energy table it names.
ArrayConfig load(const ConfigOptions& options) {
  const ArrayConfig config = load_array(options.file, options.overrides).config;
  check_memories(config, load_energy_table(config));
  return config;
}

void add_action(CLI::App& parent, Subcommand& action, const std::string& name,
                const std::string& help, std::function<void(const ConfigOptions&)> work) {
  auto options = std::make_shared<ConfigOptions>();
  CLI::App& command = *parent.add_subcommand(name, help);
  command.add_option("ARRAY", options->file, "an array's YAML file, or a SCALE-Sim .cfg")
      ->type_name(kFileValue)
      ->required();
  command.add_option("--set", options->overrides, "change one key, as array.rows=8")
      ->allow_extra_args(false);
  command.callback([options, &action, work = std::move(work)] {
    action = [options, work] {
      work(*options);
      return kOk;
    };
  });
}

}  // namespace

void add_config_command(CLI::App& app, Subcommand& action) {
  CLI::App& config = *app.add_subcommand("config", "Checks or shows an array's YAML file");
  config.require_subcommand(1);
  add_action(config, action, "check", "says whether the file is right, and what is wrong if not",
             [](const ConfigOptions& options) {
               const ArrayConfig array = load(options);
               fmt::print("{}: ok, {} is a {}x{} array\n", options.file, array.name, array.rows,
                          array.columns);
             });
  add_action(config, action, "show", "prints the file with all defaults filled in",
             [](const ConfigOptions& options) { fmt::print("{}", to_yaml(load(options))); });
}

}  // namespace systol
