#include "host/cli/run_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "host/cli/file_options.h"
#include "host/cli/load_array.h"
#include "host/cli/option_text.h"
#include "host/cli/parse_options.h"
#include "host/cli/shape_option.h"
#include "host/cli/state_option.h"
#include "host/cli/threads_option.h"
#include "sim/base/error.h"

namespace systol {
namespace {

void add_engine_options(CLI::App& run, RunWords& options) {
  run.option_defaults()->group("The engine");
  run.add_option(
         "--engine", options.engine.engine,
         "fast: no clock, from command to command; rtl: the verilated SystemVerilog; "
         "systemc: the SystemC model. Same bits, same cycles. Default: fast, or rtl where "
         "--wave (without --wave-layer) or --inject-fault needs a clock.\n  --engine systemc")
      ->check(CLI::IsMember(std::vector<std::string>(kEngineNames.begin(), kEngineNames.end())));
  run.add_option("--set", options.overrides,
                 "change one key of the array file; may be given more than once.\n"
                 "  --set array.rows=8 --set clock='1 GHz'")
      ->allow_extra_args(false);
  run.add_option("--inject-fault", options.engine.fault,
                 "a partial-sum bit of one PE stuck at 1: pe:ROW,COLUMN or pe:ROW,COLUMN:BIT. The "
                 "check must catch it and the self-test find it (exit status 1).\n"
                 "  --inject-fault pe:3,5");
  run.add_flag(
      "--no-check", options.engine.no_check,
      "do not compare with the reference, and (fast engine) do not search the compiled program "
      "for hazards: faster on large networks");
  run.add_flag(
      "--no-data", options.engine.no_data,
      "time and traffic only, for models whose values do not matter (fast engine): nothing "
      "is multiplied, nothing checked");
  run.add_option("--switching", options.engine.switching,
                 "on or off: whether bits of operands that change are counted, which takes a few "
                 "per cent of the time; off leaves these counts 0.\n  --switching off");
}

void add_output_options(CLI::App& run, RunWords& options) {
  run.option_defaults()->group("The report");
  run.add_option("--json", options.json,
                 "write the report as JSON to FILE, '-' for standard output instead of the table; "
                 "docs/json.md describes it.\n  --json report.json")
      ->type_name(kFileValue);
  run.add_option("--csv", options.csv,
                 "write the layers as CSV to FILE, '-' for standard output instead of the table: "
                 "sizes, cycles and what they were spent on, traffic, energy.\n  --csv layers.csv")
      ->type_name(kFileValue);
  run.add_flag("--json-commands", options.json_commands,
               "put every command's start and end cycle into the JSON");
  run.option_defaults()->group("Over time");
  run.add_option("--timeline", options.timeline,
                 "write a Chrome trace for https://ui.perfetto.dev: a track per unit, arrows along "
                 "tokens, counters; one cycle is shown as 1 us. A name that ends in .gz is "
                 "compressed, which the viewer reads as well.\n  --timeline timeline.json.gz")
      ->type_name(kFileValue);
  run.add_option("--timeline-from", options.timeline_from,
                 "first cycle of the timeline.\n  --timeline-from 1000")
      ->check(check_whole_number);
  run.add_option("--timeline-to", options.timeline_to,
                 "first cycle not in the timeline any more; without it a timeline ends after 50000 "
                 "commands, and says so.\n  --timeline-to 2000")
      ->check(check_whole_number);
  run.add_flag(
      "--power", options.power,
      "show power over time in windows of equal length: average, the largest, and the peak");
  run.add_option("--power-window", options.power_window,
                 "with --power: the windows' length in cycles; without it they are as short as "
                 "1024 of them may be.\n  --power-window 256")
      ->check(check_whole_number);
  run.add_option("--load", options.load,
                 "show the average power when the array has work for so many per cent of the time, "
                 "and waits for the rest.\n  --load 10");
  run.option_defaults()->group("Waveforms");
  run.add_option("--wave", options.engine.wave,
                 "record a waveform, .fst or .vcd; traces/ has GTKWave layouts.\n"
                 "  --wave traces/run.fst")
      ->type_name(kFileValue);
  run.add_option("--wave-from", options.engine.wave_from,
                 "first cycle of the waveform.\n  --wave-from 1000")
      ->check(check_whole_number);
  run.add_option("--wave-to", options.engine.wave_to,
                 "first cycle not in the waveform any more.\n  --wave-to 2000")
      ->check(check_whole_number);
  run.add_option(
      "--wave-layer", options.engine.wave_layer,
      "with --wave, without --wave-from and --wave-to: the cycles of this layer (name, or number "
      "from "
      "0), from its first matmul to its last result the first time it runs. The fast engine hands "
      "over to a clocked one for them; cycle numbers are those of the whole run.\n"
      "  --wave layer.fst --wave-layer fc2");
  run.add_option(
      "--wave-tile", options.engine.wave_tile,
      "with --wave-layer: of that layer only one matmul: its number, counted from 0 in the order "
      "of "
      "the program, or ROW,COLUMN,DEPTH, the first sample, output and input of its tile.\n"
      "  --wave-tile 3\n  --wave-tile 0,16,32");
  run.add_option("--wave-engine", options.engine.wave_engine,
                 "with --wave-layer: what simulates the layer, rtl (default) or systemc.\n  "
                 "--wave-engine systemc")
      ->check(CLI::IsMember(std::vector<std::string>{"rtl", "systemc"}));
  run.add_option("--wave-scope", options.engine.wave_scopes,
                 "what the waveform shows: ports, commands, pe, pe:R,C, pe:R0-R1,C0-C1, "
                 "accumulators, all; may be given more than once.\n  --wave-scope pe:0-3,0-3")
      ->allow_extra_args(false);
  run.option_defaults()->group("Values");
  run.add_option("--show", options.show,
                 "filters or filters=FILE: writes a single-layer network's weights as a PNG, what "
                 "each output looks for (filters.png without FILE).\n  --show filters=what.png");
}

}  // namespace

void add_run_options(CLI::App& run, RunWords& words) {
  run.add_option("MODEL", words.model,
                 "an .onnx file, a workload .yaml, sizes of dense layers (784x300x10), a SCALE-Sim "
                 "topology .csv, or a program (.tpu) from `systol compile`")
      ->type_name(kFileValue)
      ->required();
  run.add_option("-c,--config", words.config,
                 "the array, a YAML file or a SCALE-Sim .cfg.\n  -c configs/edge_16x16.yaml")
      ->type_name(kFileValue)
      ->required();
  run.option_defaults()->group("Model and samples");
  add_shape_option(run, words.shapes);
  add_state_option(run, words.states);
  add_input_options(run, words.input);
  run.add_option("--batch", words.batch,
                 "samples that go through the network together; default: all of them, or 1 "
                 "synthetic sample.\n  --batch 16")
      ->check(CLI::Range(1U, 1'000'000U));
  add_engine_options(run, words);
  add_threads_option(run, words.engine.threads);
  run.option_defaults()->group("Values");
  add_value_options(run, words.values);
  add_output_options(run, words);
  run.option_defaults()->group("The report");
  add_page_options(run, words.page);
  add_scale_sim_options(run, words.scale_sim);
}

std::string filters_file(const std::string& what) {
  constexpr std::string_view kToFile = "filters=";
  if (what.empty()) {
    return {};
  }
  if (what == "filters") {
    return "filters.png";
  }
  if (!what.starts_with(kToFile) || what.size() == kToFile.size()) {
    throw InputError(fmt::format("--show '{}': expected filters or filters=FILE", what));
  }
  return what.substr(kToFile.size());
}

void check_all_files(const RunWords& words) {
  if (!words.engine.wave.empty()) {
    check_wave_path(words.engine.wave);
  }
  std::vector<FileOption> inputs = model_file_options("MODEL", words.model);
  std::ranges::copy(input_files(words.input), std::back_inserter(inputs));
  std::ranges::copy(load_array(words.config, words.overrides).files, std::back_inserter(inputs));
  inputs.push_back({"--class-names", words.values.class_names});
  const std::vector<FileOption> outputs{{"--show", filters_file(words.show)},
                                        {"--json", words.json},
                                        {"--report", words.page.file},
                                        {"--csv", words.csv},
                                        {"--timeline", words.timeline},
                                        {"--wave", words.engine.wave},
                                        {"--report-as", report_file(words.scale_sim)},
                                        {"--outputs", words.values.outputs},
                                        {"--predictions", words.values.predictions},
                                        {"--export-quantised", words.values.quantised}};
  check_files(inputs, outputs);
  check_folder({"--save-tensors", words.values.tensors}, outputs);
  check_folder({"--save-products", words.values.products}, outputs);
}

}  // namespace systol
