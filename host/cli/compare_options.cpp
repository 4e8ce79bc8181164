#include "host/cli/compare_options.h"

#include "host/cli/option_text.h"
#include "host/cli/shape_option.h"
#include "host/cli/state_option.h"
#include "host/cli/threads_option.h"
#include "sim/config/array_file.h"

namespace systol {
namespace {

void add_array_options(CLI::App& command, CompareWords& words) {
  command
      .add_option("-c,--config", words.configs,
                  "the arrays, one or more YAML files or SCALE-Sim .cfg files.\n"
                  "  -c configs/edge_8x8.yaml configs/edge_16x16.yaml")
      ->required();
  command
      .add_option("--set", words.overrides,
                  "change one key in all array files; may be given more than once.\n"
                  "  --set 'memory.dram.bandwidth=16 GB/s'")
      ->allow_extra_args(false);
  command
      .add_option("--dataflow", words.dataflows,
                  "run every array in each of these dataflows, whatever its file or --set says.\n"
                  "  --dataflow weight_stationary output_stationary input_stationary")
      ->check(
          CLI::IsMember(std::vector<std::string>(kDataflowNames.begin(), kDataflowNames.end())));
  command
      .add_option(
          "--pe", words.pes,
          "run every array with PEs of each of these types: what does the multiplier cost? "
          "A row whose type does not compute its network says so; after '=' a type may have "
          "a network of its own, one that was trained for it.\n"
          "  --pe int8,bf16,adder=adder.onnx")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      .add_option("--sweep", words.sweeps,
                  "run every array with each of these values of a key of its file; given more than "
                  "once, with all combinations. Keys with ':' between them change together.\n"
                  "  --sweep array.rows=8,16,32 --sweep array.columns=8..64*2\n"
                  "  --sweep array.rows:array.columns=8:32,16:16,32:8")
      ->allow_extra_args(false);
}

void add_engine_options(CLI::App& command, CompareWords& words) {
  words.engine.engine = "fast";
  command.add_option("--engine", words.engine.engine, "as in `systol run`")
      ->check(CLI::IsMember(std::vector<std::string>(kEngineNames.begin(), kEngineNames.end())))
      ->capture_default_str();
  add_threads_option(command, words.engine.threads);
  command.add_flag("--no-check", words.engine.no_check,
                   "do not compare with the reference, and do not search for hazards");
  command.add_flag("--no-data", words.engine.no_data,
                   "time and traffic only, as in `systol run`: hundreds of arrays a second");
}

void add_judging_options(CLI::App& command, CompareWords& words) {
  command.add_option("--baseline", words.baseline,
                     "the array that others are divided by, by its name or its number in -c; it "
                     "runs first. Default: the first.\n  --baseline edge-16x16");
  command
      .add_option(
          "--under", words.limits,
          "a limit, whose unit says of what: power, area, time, energy or cycles; may be "
          "given more than once. What is above it is neither best nor on the Pareto front.\n"
          "  --under '1 W' --under '2 mm2'\n  --under 'energy_per_inference 3 uJ'")
      ->allow_extra_args(false);
  command.add_option("--best", words.best,
                     "name the best row by this metric: cycles, time, utilisation, energy, "
                     "energy_per_inference, power, tops, tops_per_watt (TOPS/W), area, "
                     "tops_per_mm2, edp, rate. With --under the default is time.\n  --best energy");
  command
      .add_option("--objectives", words.objectives,
                  "metrics of the Pareto front. Default: time,energy,area.\n"
                  "  --objectives cycles,power")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      .add_option("--columns", words.columns,
                  "columns of the table, in this order: number, model, array, size, dataflow, "
                  "batch, over, check, accuracy, float_accuracy, keys of --sweep, array.pe with "
                  "--pe, metrics, and metrics divided by the baseline's. Default: what fits the "
                  "terminal.\n"
                  "  --columns array,size,cycles,energy,energy/base")
      ->delimiter(',')
      ->allow_extra_args(false);
}

}  // namespace

void add_compare_options(CLI::App& command, CompareWords& words) {
  command
      .add_option("MODELS", words.models,
                  "model files, SCALE-Sim topologies (.csv), or sizes of dense layers: 64 (64 to "
                  "64), 784x10, 784x300x10")
      ->required();
  add_array_options(command, words);
  add_shape_option(command, words.shapes);
  add_state_option(command, words.states);
  add_input_options(command, words.input);
  command
      .add_option("--batch", words.batch,
                  "samples that go through the network together; without --input also how many "
                  "there are. Default: all of the input's, or 1 synthetic sample. A topology's "
                  "layers have batches of their own.\n  --batch 64")
      ->check(CLI::Range(1U, 1'000'000U));
  add_engine_options(command, words);
  add_judging_options(command, words);
  command.add_option("--csv", words.csv, "write the table as CSV, '-' for standard output");
  command
      .add_option("--report", words.report,
                  "write the rows as a page with charts and tables, one HTML file that any browser "
                  "opens without a network.\n  --report compared.html")
      ->type_name(kFileValue);
  command.add_option("--json", words.json,
                     "write the table and all reports as JSON, '-' for standard output");
  command.footer(
      "Rows are printed as they are finished.\n"
      "Examples:\n  systol compare 64 256 1024 -c configs/edge_8x8.yaml "
      "configs/edge_16x16.yaml configs/mid_32x32.yaml --batch 64\n"
      "  systol compare configs/workloads/resnet18.yaml -c configs/mid_32x32.yaml --no-data \\\n"
      "    --sweep array.rows=8,16,32,64 --sweep array.columns=16,64 --under '1 W'");
}

}  // namespace systol
