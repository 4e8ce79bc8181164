#include <fmt/format.h>

#include <memory>

#include "host/cli/commands.h"
#include "host/cli/file_options.h"
#include "host/cli/load_array.h"
#include "host/cli/parse_options.h"
#include "host/cli/scale_sim_output.h"
#include "host/cli/simulate.h"
#include "host/import/model.h"
#include "host/report/filters.h"
#include "host/run/raw_program.h"
#include "sim/base/error.h"

namespace systol {
namespace {

struct RunOptions {
  std::string model;
  std::string config;
  std::vector<std::string> overrides;
  InputOptions input;
  std::string resize;
  std::string engine;
  SimulationOptions simulation;
  std::string json;
  std::string wave;
  std::optional<std::uint64_t> wave_from;
  std::optional<std::uint64_t> wave_to;
  std::vector<std::string> wave_scopes;
  std::string wave_layer;
  std::optional<std::uint64_t> wave_tile;
  std::string wave_engine;
  std::string fault;
  std::string show;
  std::string timeline;
  ScaleSimOutput scale_sim;
  bool no_check = false;
  bool no_data = false;
};

void add_input_options(CLI::App& run, RunOptions& options) {
  run.add_option("--input", options.input.images,
                 "images, an IDX file, plain or gzip; pixels are scaled to the network's input "
                 "range. Without it a seeded synthetic input is used.\n"
                 "  --input configs/digits/t10k-1000-images.idx3-ubyte.gz");
  run.add_option("--labels", options.input.labels,
                 "the images' labels, an IDX file: prints the accuracy.\n"
                 "  --labels configs/digits/t10k-1000-labels.idx1-ubyte.gz");
  run.add_option("--limit", options.input.limit, "run only the first N samples.\n  --limit 100")
      ->check(CLI::Range(1U, 1'000'000U));
  run.add_option("--batch", options.simulation.batch,
                 "samples that go through the network together; default: all of them, or 1 "
                 "synthetic sample.\n  --batch 16")
      ->check(CLI::Range(1U, 1'000'000U));
  run.add_option("--input-scale", options.input.scale,
                 "input = pixel * scale + offset; default: guessed from the model and said.\n"
                 "  --input-scale 0.00392157");
  run.add_option("--input-offset", options.input.offset, "see --input-scale.\n  --input-offset -1");
  run.add_option("--resize", options.resize,
                 "average the images down to HEIGHTxWIDTH first.\n  --resize 16x16");
}

void add_engine_options(CLI::App& run, RunOptions& options) {
  run.add_option(
         "--engine", options.engine,
         "fast: no clock, from command to command; rtl: the verilated SystemVerilog; "
         "systemc: the SystemC model. Same bits, same cycles. Default: fast, or rtl where "
         "--wave (without --wave-layer) or --inject-fault needs a clock.\n  --engine systemc")
      ->check(CLI::IsMember(std::vector<std::string>(kEngineNames.begin(), kEngineNames.end())));
  run.add_option("--set", options.overrides,
                 "change one key of the array file; may be given more than once.\n"
                 "  --set array.rows=8 --set clock='1 GHz'")
      ->allow_extra_args(false);
  run.add_option("--inject-fault", options.fault,
                 "a partial-sum bit of one PE stuck at 1: pe:ROW,COLUMN or pe:ROW,COLUMN:BIT. The "
                 "check must catch it and the self-test find it (exit status 1).\n"
                 "  --inject-fault pe:3,5");
  run.add_flag(
      "--no-check", options.no_check,
      "do not compare with the reference, and (fast engine) do not search the compiled program "
      "for hazards: faster on large networks");
  run.add_flag(
      "--no-data", options.no_data,
      "time and traffic only, for models whose values do not matter (fast engine): nothing "
      "is multiplied, nothing checked");
}

void add_output_options(CLI::App& run, RunOptions& options) {
  run.add_option("--json", options.json,
                 "write the report as JSON to FILE, '-' for standard output instead of the table; "
                 "docs/json.md describes it.\n  --json report.json");
  run.add_flag("--json-commands", options.simulation.command_times,
               "put every command's start and end cycle into the JSON");
  run.add_option("--timeline", options.timeline,
                 "write a Chrome trace for https://ui.perfetto.dev: a track per unit, arrows along "
                 "tokens, counters; one cycle is shown as 1 us.\n  --timeline timeline.json");
  run.add_option("--wave", options.wave,
                 "record a waveform, .fst or .vcd; traces/ has GTKWave layouts.\n"
                 "  --wave traces/run.fst");
  run.add_option("--wave-from", options.wave_from,
                 "first cycle of the waveform.\n  --wave-from 1000")
      ->check(check_whole_number);
  run.add_option("--wave-to", options.wave_to,
                 "first cycle not in the waveform any more.\n  --wave-to 2000")
      ->check(check_whole_number);
  run.add_option(
      "--wave-layer", options.wave_layer,
      "with --wave, without --wave-from and --wave-to: the cycles of this layer (name, or number "
      "from "
      "0), from its first matmul to its last result the first time it runs. The fast engine hands "
      "over to a clocked one for them; cycle numbers are those of the whole run.\n"
      "  --wave layer.fst --wave-layer fc2");
  run.add_option(
         "--wave-tile", options.wave_tile,
         "with --wave-layer: of that layer only the matmul of this number, counted from 0 in "
         "the order of the program.\n  --wave-tile 3")
      ->check(check_whole_number);
  run.add_option("--wave-engine", options.wave_engine,
                 "with --wave-layer: what simulates the layer, rtl (default) or systemc.\n  "
                 "--wave-engine systemc")
      ->check(CLI::IsMember(std::vector<std::string>{"rtl", "systemc"}));
  run.add_option("--wave-scope", options.wave_scopes,
                 "what the waveform shows: ports, commands, pe, pe:R,C, pe:R0-R1,C0-C1, "
                 "accumulators, all; may be given more than once.\n  --wave-scope pe:0-3,0-3")
      ->allow_extra_args(false);
  run.add_option("--show", options.show,
                 "filters or filters=FILE: writes a single-layer network's weights as a PNG, what "
                 "each output looks for (filters.png without FILE).\n  --show filters=what.png");
}

/// The file that --show writes; empty without --show.
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

void check_all_files(const RunOptions& options) {
  const auto text = [](const auto& path) { return path ? path->string() : std::string(); };
  if (!options.wave.empty()) {
    check_wave_path(options.wave);
  }
  check_files(std::vector<FileOption>{{"MODEL", options.model},
                                      {"--config", options.config},
                                      {"--input", text(options.input.images)},
                                      {"--labels", text(options.input.labels)}},
              std::vector<FileOption>{{"--show", filters_file(options.show)},
                                      {"--json", options.json},
                                      {"--timeline", options.timeline},
                                      {"--wave", options.wave},
                                      {"--report-as", report_file(options.scale_sim)}});
}

void resolve_wave(const RunOptions& options, EngineOptions& engine) {
  const bool cycles = options.wave_from || options.wave_to;
  if (options.wave.empty()) {
    if (cycles || !options.wave_scopes.empty() || !options.wave_layer.empty()) {
      throw InputError("--wave-from, --wave-to, --wave-layer and --wave-scope need --wave FILE");
    }
  } else {
    const Cycles from(options.wave_from.value_or(0));
    const Cycles to(options.wave_to.value_or(UINT64_MAX));
    if (from >= to) {
      throw InputError(fmt::format("--wave-from {} --wave-to {}: the window is empty", from.count(),
                                   to.count()));
    }
    engine.wave = WaveOptions{options.wave, from, to, options.wave_scopes};
  }
  if (options.wave_layer.empty()) {
    if (options.wave_tile || !options.wave_engine.empty()) {
      throw InputError("--wave-tile and --wave-engine need --wave-layer");
    }
    return;
  }
  if (cycles) {
    throw InputError("--wave-layer says which cycles: not with --wave-from or --wave-to");
  }
  if (engine.fault) {
    throw InputError("--inject-fault with --wave-layer: the fault must be there in all cycles");
  }
  engine.window = WindowRequest{options.wave_layer, options.wave_tile};
  engine.window_engine = options.wave_engine.empty() ? "rtl" : options.wave_engine;
}

/// Puts what the command line gave as text into the simulation's options.
void resolve(RunOptions& options) {
  EngineOptions& engine = options.simulation.engine_options;
  if (!options.fault.empty()) {
    engine.fault = parse_fault(options.fault);
  }
  if (!options.resize.empty()) {
    options.input.resize = parse_image_size(options.resize);
  }
  resolve_wave(options, engine);
  if (engine.fault && options.no_check) {
    throw InputError("--inject-fault with --no-check: nothing would look for the fault");
  }
  options.simulation.check = !options.no_check;
  options.simulation.data = !options.no_data;
  if (!options.timeline.empty()) {
    options.simulation.timeline = options.timeline;
  }
  options.simulation.engine = options.engine.empty() ? default_engine(engine) : options.engine;
  check_output(options.scale_sim, options.json);
  check_all_files(options);
}

/// An option, and whether the command line has it.
using Given = std::pair<const char*, bool>;

void refuse(const RunOptions& options, std::initializer_list<Given> given, const char* why) {
  for (const auto& [option, is_given] : given) {
    if (is_given) {
      throw InputError(fmt::format("{}: {} {}", options.model, option, why));
    }
  }
}

/// A program has commands and bytes, a topology has shapes; what needs values must not be asked for
/// in vain.
void refuse_value_options(const RunOptions& options, const char* why) {
  refuse(options,
         {{"--input", options.input.images.has_value()},
          {"--labels", options.input.labels.has_value()},
          {"--limit", options.input.limit.has_value()},
          {"--batch", options.simulation.batch.has_value()},
          {"--show", !options.show.empty()}},
         why);
}

void refuse_report_options(const RunOptions& options, const char* why) {
  refuse(options,
         {{"--json", !options.json.empty()},
          {"--json-commands", options.simulation.command_times},
          {"--timeline", !options.timeline.empty()},
          {"--report-as", !options.scale_sim.report_as.empty()},
          {"--estimate", !options.scale_sim.estimate.empty()}},
         why);
}

int finish(const RunOptions& options, const LoadedArray& array, RunReport report,
           const std::string& command_line) {
  report.command_line = command_line;
  report.notes.insert(report.notes.end(), array.notes.begin(), array.notes.end());
  write_report(report, options.scale_sim, options.json);
  return report.check.passed() ? kOk : kWrongResult;
}

int run_topology(const RunOptions& options, const std::string& command_line) {
  refuse_value_options(options,
                       "needs a model, and this is a topology: shapes without values, "
                       "whose M is the batch");
  const Topology topology = load_topology(options.model);
  const LoadedArray array = load_array(options.config, options.overrides);
  return finish(options, array, simulate_topology(topology, array.config, options.simulation),
                command_line);
}

int run(RunOptions& options, const std::string& command_line) {
  resolve(options);
  if (is_topology_file(options.model)) {
    return run_topology(options, command_line);
  }
  const LoadedArray array = load_array(options.config, options.overrides);
  const ArrayConfig& config = array.config;
  if (is_program_file(options.model)) {
    constexpr const char* kWhy = "needs a model, and this is a program";
    refuse_value_options(options, kWhy);
    refuse_report_options(options, kWhy);
    refuse(options,
           {{"--inject-fault", !options.fault.empty()},
            {"--no-check", options.no_check},
            {"--no-data", options.no_data}},
           kWhy);
    fmt::print("{}", run_raw_program(options.model, config,
                                     *make_engine(options.simulation.engine, config,
                                                  options.simulation.engine_options)));
    return kOk;
  }
  const Graph graph = import_model_or_sizes(options.model);
  const Samples samples = load_samples(graph, options.input, options.simulation.batch.value_or(1));
  if (!options.show.empty()) {
    const std::string file = filters_file(options.show);
    write_filters(graph, file);
    show_progress(fmt::format("wrote {}: what each output looks for", file));
  }
  return finish(options, array, simulate(graph, samples, config, options.simulation), command_line);
}

}  // namespace

void add_run_command(CLI::App& app, Subcommand& action, const std::string& command_line) {
  auto options = std::make_shared<RunOptions>();
  CLI::App& run_app = *app.add_subcommand("run",
                                          "Runs one model on one array: check, cycles, "
                                          "energy");
  run_app
      .add_option(
          "MODEL", options->model,
          "an .onnx file, a workload .yaml, sizes of dense layers (784x300x10), a SCALE-Sim "
          "topology .csv, or a program (.tpu) from `systol compile`")
      ->required();
  run_app
      .add_option("-c,--config", options->config,
                  "the array, a YAML file or a SCALE-Sim .cfg.\n  -c configs/edge_16x16.yaml")
      ->required();
  add_input_options(run_app, *options);
  add_engine_options(run_app, *options);
  add_output_options(run_app, *options);
  add_scale_sim_options(run_app, options->scale_sim);
  run_app.footer(
      "Example:\n  systol run configs/models/mnist_mlp.onnx -c configs/edge_16x16.yaml \\\n"
      "    --input configs/digits/t10k-1000-images.idx3-ubyte.gz \\\n"
      "    --labels configs/digits/t10k-1000-labels.idx1-ubyte.gz --limit 100");
  run_app.callback([options, &action, command_line] {
    action = [options, command_line] { return run(*options, command_line); };
  });
}

}  // namespace systol
