#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "host/cli/commands.h"
#include "host/cli/file_options.h"
#include "host/cli/input_options.h"
#include "host/cli/load_array.h"
#include "host/cli/model_options.h"
#include "host/cli/progress_line.h"
#include "host/cli/samples.h"
#include "host/cli/shape_option.h"
#include "host/cli/terminal.h"
#include "host/compile/description.h"
#include "host/compile/program.h"
#include "host/import/model.h"
#include "host/report/bound.h"
#include "host/report/fitted_table.h"
#include "host/report/numbers.h"
#include "host/session/misfit.h"
#include "host/session/results.h"
#include "host/session/run.h"
#include "hw/isa/machine_limits.h"
#include "sim/base/error.h"

namespace systol {
namespace {

struct DescribeOptions : ModelOptions {
  bool loss = false;
  InputOptions samples;
};

std::string tiles_of(const StepDescription& step) {
  return step.row_tiles == 0 ? "-" : fmt::format("{} x {}", step.row_tiles, step.column_tiles);
}

std::string operation_of(const StepDescription& step) {
  return step.residual.empty() ? step.operation
                               : fmt::format("{}, adds {}", step.operation, step.residual);
}

std::string at_a_time(const StepDescription& step) {
  return step.choices.empty() ? "-" : step.choices.front().text;
}

/// And how much longer it would take.
std::string next_best(const StepDescription& step) {
  if (step.choices.size() < 2) {
    return "-";
  }
  const double ratio = static_cast<double>(step.choices[1].cost.count()) /
                       static_cast<double>(step.choices[0].cost.count());
  return fmt::format("{}: {:+.1f} %", step.choices[1].text, (ratio - 1) * 100);
}

/// "+1 234", "-56", "0".
std::string with_sign(std::int64_t number, std::string (*text)(std::uint64_t)) {
  const char* sign = number > 0 ? "+" : number < 0 ? "-" : "";
  return sign + text(static_cast<std::uint64_t>(std::abs(number)));
}

std::string text_of(const Misfit& misfit) {
  return misfit == Misfit{} ? "-"
                            : fmt::format("{} cycles, {}", with_sign(misfit.cycles, grouped),
                                          with_sign(misfit.bytes, data_size));
}

/// What a narrow terminal can do without, the least first.
constexpr std::array<std::string_view, 12> kLeast = {
    "inputs in", "output in", "next best", "at a time",   "constants", "bands",
    "filled",    "traffic",   "unit",      "K x N tiles", "operation", "M x K x N"};

/// One row for each node that the machine runs.
std::string mapping(const std::vector<StepDescription>& steps, const RunReport& report,
                    const MisfitReport& misfits, bool loss) {
  std::vector<std::string> head{"node",      "operation", "unit",      "M x K x N", "K x N tiles",
                                "filled",    "bands",     "at a time", "next best", "constants",
                                "inputs in", "output in", "traffic",   "cycles",    "bound by"};
  if (misfits.any()) {
    head.emplace_back("misfit costs");
  }
  if (loss) {
    head.emplace_back("signal to noise");
  }
  FittedTable table(std::move(head));
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const StepDescription& step = steps[i];
    const NodeReport& node = report.nodes[i];
    std::vector<std::string> row{step.name,
                                 operation_of(step),
                                 step.unit,
                                 node.k == 0 ? fmt::format("{} x {}", node.m, node.n)
                                             : fmt::format("{} x {} x {}", node.m, node.k, node.n),
                                 tiles_of(step),
                                 step.row_tiles == 0 ? "-" : percent(step.filled),
                                 fmt::format("{}", step.bands),
                                 at_a_time(step),
                                 next_best(step),
                                 data_size(step.constants),
                                 step.inputs,
                                 step.output,
                                 data_size(memory_bytes(node.activity)),
                                 grouped(node.ledger.total().count()),
                                 std::string(bound_of(node))};
    if (misfits.any()) {
      row.push_back(text_of(misfits.nodes[i]));
    }
    if (loss) {
      row.push_back(node.signal_to_noise ? fmt::format("{:.1f} dB", *node.signal_to_noise) : "-");
    }
    table.add(std::move(row));
  }
  return table.text(known_width(stdout).value_or(kAnyWidth), kLeast);
}

std::string lists(const RunReport& report, const MisfitReport& misfits) {
  std::string text;
  if (!report.spilled.empty()) {
    text += fmt::format("\n{} tensors do not fit the unified buffer and go through memory: {}\n",
                        report.spilled.size(), fmt::join(report.spilled, ", "));
  }
  text += fmt::format("\n{} cycles, utilisation {}; {} between the chip and its memories\n",
                      grouped(report.cycles.count()), percent(report.utilisation()),
                      data_size(memory_bytes(report.activity)));
  if (misfits.any()) {
    text += fmt::format(
        "what does not fit costs {} cycles and {} of traffic, against a unified buffer of {}\n",
        with_sign(misfits.total.cycles, grouped), with_sign(misfits.total.bytes, data_size),
        data_size(isa::kLargestBuffer));
  }
  return text;
}

/// What quantisation costs, which needs values: those of samples, or made up.
void add_loss(const DescribeOptions& options, const Plan& plan, RunReport& report) {
  Graph graph = import_model_or_sizes(options.model, given_shapes(options.shapes));
  Samples samples = load_samples(graph, options.samples, read_input(options.samples), 1);
  fmt::print("signal to noise: each result in int8 against the float network; {}\n", samples.how);
  add_losses(prepare(std::move(graph), std::move(samples)), plan, 1, report, show_progress);
  end_progress();
}

void check_sample_options(const DescribeOptions& options) {
  const InputOptions& samples = options.samples;
  const bool given = !samples.file.empty() || !samples.labels.empty() || samples.limit ||
                     samples.scaling.scale || samples.scaling.offset || !samples.resize.empty() ||
                     !samples.calibration.empty() || samples.percentile;
  if (given && !options.loss) {
    throw InputError("samples and their calibration need --loss: nothing else asks for values");
  }
}

void describe_model(const DescribeOptions& options) {
  check_sample_options(options);
  const ArrayConfig config = load_array(options.config, options.overrides).config;
  const Prepared prepared = prepare_model(options);
  FastEngine engine;
  engine.values = false;
  RunReport report = run(prepared, config, engine, {}, show_progress);
  const NetworkProgram program(prepared.shared_graph(), config, options.batch, options.batch);
  MisfitReport misfits;
  if (has_misfits(program.plan())) {
    misfits = misfits_of(prepared, report, options.batch, show_progress);
  }
  if (options.loss) {
    add_loss(options, program.plan(), report);
  }
  fmt::print("{} on {} ({}x{}), {} sample{} at a time\n\n{}{}", report.model, config.name,
             config.rows, config.columns, options.batch, options.batch == 1 ? "" : "s",
             mapping(describe(program.plan()), report, misfits, options.loss),
             lists(report, misfits));
}

}  // namespace

void add_describe_command(CLI::App& app, Subcommand& action) {
  auto options = std::make_shared<DescribeOptions>();
  CLI::App& command =
      *app.add_subcommand("describe", "Says how a model is mapped on an array, node by node");
  add_model_options(command, *options);
  command.add_flag("--loss", options->loss,
                   "also what quantisation costs each node's results, as the signal-to-noise ratio "
                   "in dB: values are computed, of --input or made-up ones");
  add_input_options(command, options->samples);
  command.footer(
      "Columns: the unit that computes the node; how many tiles its K x N weights are cut into,\n"
      "and the share of the array that they fill; in how many bands tensors that do not fit the\n"
      "unified buffer go through it; what of it is computed at a time (in it column tiles, for "
      "each\n"
      "blocks of rows, for each the tiles along K), and how much longer the next best choice "
      "would\n"
      "take by the cost model; bytes of weights and parameters; where inputs and output lie; what\n"
      "moves between the chip and its memories; the matrix unit's cycles, and what binds them, as "
      "in\n"
      "the table of `systol run`; where something does not fit the buffer, what that costs: the "
      "cycles and bytes more "
      "than\n"
      "with a buffer of 1 GiB, node by node. Nodes overlap, so that a node's may be negative.\n"
      "No value is computed without --loss.\nExample:\n"
      "  systol describe configs/workloads/resnet18.yaml -c configs/edge_16x16.yaml");
  command.callback([options, &action] {
    action = [options] {
      describe_model(*options);
      return kOk;
    };
  });
}

}  // namespace systol
