#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "host/account/energy.h"
#include "host/account/hardware.h"
#include "host/cli/commands.h"
#include "host/cli/load_array.h"
#include "host/cli/named_file.h"
#include "host/cli/option_text.h"
#include "host/report/json.h"
#include "host/report/numbers.h"
#include "host/report/text_table.h"
#include "sim/base/output_file.h"
#include "sim/config/array_file.h"

namespace systol {
namespace {

struct IdleOptions {
  std::string file;
  std::vector<std::string> overrides;
  std::string json;
};

std::string text_of(const ArrayConfig& config, const EnergyReport& second) {
  TextTable table({"power of", "power", "share"});
  for (const auto& [name, used] : second.components) {
    table.add({name, power(watts_of(used).count()),
               percent(second.total.count() == 0 ? 0 : used.count() / second.total.count())});
  }
  table.add({"total", power(watts_of(second.total).count()), ""});
  return fmt::format("{} ({}x{}, {:g} MHz, clock gating: {}) with nothing to do\n\n{}", config.name,
                     config.rows, config.columns, static_cast<double>(config.clock.count()) / 1e6,
                     name_of(config.clock_gating), table.text());
}

nlohmann::ordered_json json_of(const ArrayConfig& config, const EnergyReport& second) {
  nlohmann::ordered_json json;
  json["schema"] = {{"name", "systol.idle"}, {"version", 1}};
  json["array"] = config.name;
  json["clock_gating"] = name_of(config.clock_gating);
  json["power_w"] = watts_of(second.total).count();
  for (const auto& [name, used] : second.components) {
    json["components_w"][name] = watts_of(used).count();
  }
  return json;
}

int idle(const IdleOptions& options) {
  const ArrayConfig config =
      load_array(named_file(options.file).string(), options.overrides).config;
  const EnergyTable table = load_energy_table(config);
  check_memories(config, table);
  const EnergyReport second = idle_second(config, table);
  if (options.json != "-") {
    fmt::print("{}", text_of(config, second));
  }
  if (!options.json.empty()) {
    write_file(options.json, json_text(json_of(config, second)));
  }
  return kOk;
}

}  // namespace

void add_idle_command(CLI::App& app, Subcommand& action) {
  auto options = std::make_shared<IdleOptions>();
  CLI::App& command =
      *app.add_subcommand("idle", "Prints the power that an array uses for nothing");
  command.add_option("ARRAY", options->file, "an array's YAML file, or a SCALE-Sim .cfg")
      ->type_name(kFileValue)
      ->required();
  command
      .add_option("--set", options->overrides, "change one key.\n  --set array.clock_gating=none")
      ->allow_extra_args(false);
  command
      .add_option("--json", options->json,
                  "write the powers as JSON to FILE, '-' for standard output instead of the table")
      ->type_name(kFileValue);
  command.footer(
      "Clocks that are not gated, leakage, and what memories use by themselves (docs/energy.md).\n"
      "Example:\n  systol idle configs/tpu_v1.yaml --set array.clock_gating=pe");
  command.callback([options, &action] { action = [options] { return idle(*options); }; });
}

}  // namespace systol
