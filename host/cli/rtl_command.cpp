#include <fmt/format.h>

#include <memory>
#include <optional>

#include "host/cli/commands.h"
#include "host/cli/engine_options.h"
#include "host/cli/load_array.h"
#include "host/report/text_table.h"
#include "sim/base/error.h"
#include "sim/rtl/unit_library.h"
#include "sim/systemc/systemc_device.h"

namespace systol {
namespace {

struct RtlOptions {
  std::vector<std::string> configs;
  std::vector<std::string> overrides;
  std::string into;
};

int build(const RtlOptions& options) {
  UnitLibraryPaths paths = UnitLibraryPaths::standard();
  if (!options.into.empty()) {
    paths.cache = options.into;
  }
  for (const std::string& file : options.configs) {
    const UnitShape shape = unit_shape(load_array(file, options.overrides).config);
    fmt::print("{}\n", build_unit_library(shape, show_progress, paths).string());
  }
  return kOk;
}

int list() {
  TextTable table({"array", "accumulator rows", "state", "library"});
  for (const UnitLibraryEntryInfo& entry : list_unit_libraries()) {
    table.add({fmt::format("{}x{}", entry.shape.rows, entry.shape.columns),
               std::to_string(entry.shape.accumulator_rows),
               entry.current ? "current" : "out of date", entry.path.string()});
  }
  fmt::print("{}", table.text());
  return kOk;
}

}  // namespace

void add_rtl_command(CLI::App& app, Subcommand& action) {
  CLI::App& rtl = *app.add_subcommand("rtl", "Builds and lists the verilated matrix units");
  rtl.require_subcommand(1);
  auto options = std::make_shared<RtlOptions>();
  CLI::App& build_command = *rtl.add_subcommand(
      "build",
      "verilates the matrix unit of an array, once per size; `systol run` does the same "
      "when it needs to");
  build_command.add_option("ARRAY", options->configs, "array YAML files, or SCALE-Sim .cfg files")
      ->required();
  build_command.add_option("--set", options->overrides, "change one key, as array.rows=5")
      ->allow_extra_args(false);
  build_command.add_option("--into", options->into, "folder to build into instead of the cache");
  build_command.callback([options, &action] { action = [options] { return build(*options); }; });
  rtl.add_subcommand("list", "lists the units that are built")->callback([&action] {
    action = list;
  });
}

}  // namespace systol
