#include "host/session/results.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "host/graph/classes.h"
#include "host/quantise/quantise.h"

namespace systol {
namespace {

ScoreError score_error(const std::vector<float>& quantised, const std::vector<float>& floating) {
  ScoreError error;
  for (std::size_t i = 0; i < floating.size(); ++i) {
    const double difference = std::fabs(double{quantised[i]} - double{floating[i]});
    error.largest = std::max(error.largest, difference);
    error.mean += difference / static_cast<double>(floating.size());
  }
  return error;
}

double share_right(const std::vector<std::size_t>& answers,
                   const std::vector<std::uint32_t>& labels) {
  std::size_t right = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    right += answers[i] == labels[i] ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(labels.size());
}

/// 0 of a step that the array does not run.
std::uint64_t fed_depth(const Plan& plan, std::size_t i) {
  const StepKind kind = plan.steps[i].kind;
  if (kind != StepKind::Matrix && kind != StepKind::Product) {
    return 0;
  }
  const StepConstants& constants = plan.constants[i];
  return constants.tiling.pe_rows_before(constants.tiling.row_tiles(), constants.pe);
}

NodeReport node_report(const Plan& plan, std::size_t i, const NodeResult& result,
                       const EnergyTable& table) {
  const Step& step = plan.steps[i];
  NodeReport node;
  node.name = step.name;
  node.operation = name_of(plan.graph->nodes[step.node].operation);
  for (const std::size_t function : step.functions) {
    node.functions.push_back(plan.graph->nodes[function].name);
  }
  node.m = std::uint64_t{plan.rows} * step.rows;
  node.n = step.outputs;
  node.k = step.inputs;
  node.fed_depth = fed_depth(plan, i);
  node.ledger = result.ledger;
  node.activity = result.activity;
  node.sum_toggles = result.sum_toggles;
  node.energy = account({result.activity, duration_of(result.ledger), result.sum_toggles},
                        plan.config, table);
  return node;
}

}  // namespace

void account_nodes(const Plan& plan, const RunResult& result, const EnergyTable& table,
                   RunReport& report) {
  report.array = plan.config;
  report.samples = plan.rows;
  report.batch = plan.batch;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    report.nodes.push_back(node_report(plan, i, result.nodes[i], table));
  }
  report.streamed = !plan.resident();
  report.spilled = plan.spilled();
  report.end_bytes = plan.rows * plan.end_bytes();
  account_run(result, plan.config, table, report);
}

void account_run(const RunResult& result, const ArrayConfig& config, const EnergyTable& table,
                 RunReport& report) {
  report.cycles = result.cycles;
  report.ledger = result.ledger();
  report.activity = result.activity();
  report.srams = result.srams;
  report.sum_toggles = result.sum_toggles();
  report.energy =
      account({report.activity, duration_of(report.ledger), report.sum_toggles}, config, table);
  report.operand_basis = operand_basis(config, table, report.sum_toggles);
  report.hardware = hardware(config, table);
  report.energy_sources = energy_sources(config, table);
  report.commands = result.commands;
}

void add_losses(const Prepared& prepared, const Plan& plan, unsigned threads, RunReport& report,
                const Progress& progress) {
  const Prepared suited = prepared.for_pes(plan.config.pe);
  const std::vector<std::optional<double>>& decibels = suited.signal_to_noise(threads, progress);
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.steps[i];
    const std::size_t last = step.functions.empty() ? step.node : step.functions.back();
    report.nodes[i].signal_to_noise = decibels[index_of(plan.graph->nodes[last].output)];
  }
}

void add_outputs(const Prepared& prepared, const NetworkProgram& program, const MemoryImage& memory,
                 RunReport& report) {
  for (const OutputPlace& place : program.outputs()) {
    const auto bytes =
        memory.space(isa::Space::Activations).subspan(place.address, place.rows * place.columns);
    OutputValues output;
    output.name = prepared.graph().tensor(place.tensor).name;
    output.shape = prepared.graph().shape(place.tensor);
    output.columns = place.columns;
    output.quantisation = prepared.quantised()->of(place.tensor);
    output.quantised.assign(bytes.begin(), bytes.end());
    output.values = dequantise(output.quantised, output.quantisation);
    report.outputs.push_back(std::move(output));
  }
}

void add_tensors(TensorRecorder& recorder, const MemoryImage& memory, RunReport& report) {
  report.tensors = recorder.take(memory);
  for (const TensorValues& tensor : report.tensors) {
    if (tensor.missing > 0) {
      report.check.failures.push_back(
          fmt::format("tensor '{}': {} values were never written", tensor.name, tensor.missing));
    }
  }
}

void judge_scores(const Prepared& prepared, RunReport& report) {
  const OutputValues& output = report.outputs.front();
  const std::vector<float>& floating = prepared.scores().outputs.front();
  report.score_error = score_error(output.values, floating);
  const std::vector<std::uint32_t>& labels = prepared.samples().labels;
  if (!labels.empty()) {
    report.accuracy =
        Accuracy{labels.size(), share_right(classes_of(output.values, output.columns), labels),
                 share_right(classes_of(floating, output.columns), labels)};
  }
}

void end_report(const Prepared& prepared, const Device& device, bool judged,
                const Progress& progress, RunReport& report) {
  std::ranges::copy(device.failures(), std::back_inserter(report.check.failures));
  if (judged) {
    prepared.scores(progress);
    judge_scores(prepared, report);
  }
  if (progress) {
    progress({});
  }
}

}  // namespace systol
