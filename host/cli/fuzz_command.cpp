#include <fmt/format.h>

#include <memory>

#include "host/cli/commands.h"
#include "host/cli/engine_options.h"
#include "host/cli/option_text.h"
#include "host/cli/parse_options.h"
#include "host/cli/progress_line.h"
#include "host/cli/terminal.h"
#include "host/fuzz/change_check.h"
#include "host/fuzz/equality.h"
#include "host/session/engine.h"
#include "hw/isa/text.h"
#include "sim/base/output_file.h"
#include "sim/config/array_file.h"
#include "sim/rtl/unit_library.h"

namespace systol {
namespace {

struct Options {
  FuzzOptions fuzz;
  bool no_rtl = false;
  bool changes = false;
  std::string output = "fuzz-difference.tpu";
};

std::unique_ptr<Device> make_named_engine(const std::string& engine, const ArrayConfig& config) {
  if (engine.starts_with("hand-over")) {
    return make_hand_over_engine(engine == "hand-over" ? ClockedUnit::SystemC : ClockedUnit::Rtl,
                                 config, show_progress);
  }
  return make_engine(named_engine(engine, true), config, show_progress);
}

int run_changes(const FuzzOptions& options) {
  const ChangeCheck check =
      check_changes({options.cases, options.seed, options.progress}, make_named_engine);
  if (options.progress) {
    fmt::print(stderr, "\n");
  }
  if (!check.difference.empty()) {
    fmt::print("seed {}, {}\n", options.seed, check.difference);
    return kWrongResult;
  }
  fmt::print(
      "{} changes of one parameter, seed {}: systemc takes the cycles that were predicted; {} take "
      "other cycles than without the change, {} deadlock\n",
      check.cases, options.seed, check.changed, check.refused);
  return kOk;
}

int run(Options& options) {
  options.fuzz.rtl = !options.no_rtl;
  if (is_terminal(stderr)) {
    options.fuzz.progress = [&options](std::uint64_t done) {
      fmt::print(stderr, "\r{} of {} cases", done, options.fuzz.cases);
    };
  }
  if (options.changes) {
    return run_changes(options.fuzz);
  }
  const auto found = fuzz(options.fuzz, make_named_engine);
  if (options.fuzz.progress) {
    fmt::print(stderr, "\n");
  }
  if (!found) {
    fmt::print(
        "{} cases, seed {}: fast, systemc{} agree on every output bit, command time, ledger and "
        "counter; runs handed over between them on every output bit and command time\n",
        options.fuzz.cases, options.fuzz.seed,
        options.fuzz.rtl ? " and, in every third case, rtl" : "");
    return kOk;
  }
  fmt::print("case {} of seed {}, shrunk: {}\n{}\n", found->number, options.fuzz.seed,
             found->shrunk.text(), found->difference);
  write_file(options.output, isa::to_text(found->program));
  ArrayConfig array = found->shrunk.config;
  array.energy = UnitLibraryPaths::standard().sources / "configs/energy/45nm.yaml";
  write_file(options.output + ".yaml", to_yaml(array));
  fmt::print("the program is in {}, its array in {}.yaml\n", options.output, options.output);
  return kWrongResult;
}

}  // namespace

void add_fuzz_command(CLI::App& app, Subcommand& action) {
  auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand(
      "fuzz",
      "Runs random networks, and random programs whose commands walk in nested loops, on random "
      "arrays (sizes, memories, dataflows) with fast and systemc, in every third case rtl, and "
      "with runs handed over between them, and compares everything");
  command.add_option("--cases", options->fuzz.cases, "how many cases.\n  --cases 5000")
      ->check(CLI::Range(1U, 1'000'000'000U))
      ->capture_default_str();
  command.add_option("--seed", options->fuzz.seed, "another seed draws other cases.\n  --seed 7")
      ->check(check_whole_number)
      ->capture_default_str();
  command.add_flag(
      "--no-rtl", options->no_rtl,
      "leave the RTL engine out: no Verilator is needed, and none of some thirty libraries "
      "is built, each of which takes some seconds the first time");
  command.add_flag("--changes", options->changes,
                   "instead of comparing the engines, change one parameter of each array and hold "
                   "systemc to the cycles that `systol explain` predicts for the same program");
  command
      .add_option("-o,--output", options->output,
                  "where the shrunk program goes if two engines differ (exit status 1)")
      ->type_name(kFileValue)
      ->capture_default_str();
  command.callback([options, &action] { action = [options] { return run(*options); }; });
}

}  // namespace systol
