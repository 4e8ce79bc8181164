#include <fmt/format.h>

#include <memory>
#include <optional>

#include "host/cli/commands.h"
#include "host/cli/load_array.h"
#include "host/cli/option_text.h"
#include "host/cli/progress_line.h"
#include "host/report/numbers.h"
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

void show_step(std::string_view step) { show_progress({step, std::nullopt}); }

int build(const RtlOptions& options) {
  UnitLibraryPaths paths = UnitLibraryPaths::standard();
  if (!options.into.empty()) {
    paths.cache = options.into;
  }
  for (const std::string& file : options.configs) {
    const UnitShape shape = unit_shape(load_array(file, options.overrides).config);
    fmt::print("{}\n", build_unit_library(shape, show_step, paths).string());
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

int clean() {
  const CleanedCache cleaned = clean_unit_cache();
  fmt::print("removed {} librar{} ({}) from {}\n", cleaned.libraries,
             cleaned.libraries == 1 ? "y" : "ies", data_size(cleaned.bytes),
             cleaned.folder.string());
  return kOk;
}

}  // namespace

void add_rtl_command(CLI::App& app, Subcommand& action) {
  CLI::App& rtl = *app.add_subcommand("rtl", "Builds, lists and removes verilated matrix units");
  rtl.require_subcommand(1);
  auto options = std::make_shared<RtlOptions>();
  CLI::App& build_command = *rtl.add_subcommand(
      "build",
      "verilates the matrix unit of an array, once per size; `systol run` does the same "
      "when it needs to");
  build_command.add_option("ARRAY", options->configs, "array YAML files, or SCALE-Sim .cfg files")
      ->type_name(kFileValue)
      ->required();
  build_command.add_option("--set", options->overrides, "change one key, as array.rows=5")
      ->allow_extra_args(false);
  build_command.add_option("--into", options->into, "folder to build into instead of the cache")
      ->type_name(kFolderValue);
  build_command.callback([options, &action] { action = [options] { return build(*options); }; });
  rtl.add_subcommand("list", "lists the units that are built")->callback([&action] {
    action = list;
  });
  rtl.add_subcommand("clean",
                     "empties the cache of units that were built on use; those that came with "
                     "systol stay")
      ->callback([&action] { action = clean; });
}

}  // namespace systol
