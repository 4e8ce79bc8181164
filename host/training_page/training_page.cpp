#include "host/training_page/training_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "host/page/page.h"
#include "host/page/stacked_bars.h"
#include "host/report/numbers.h"
#include "host/report/version.h"
#include "host/training_page/adversary_section.h"
#include "host/training_page/convergence_section.h"
#include "host/training_page/recall_section.h"
#include "host/training_page/summary_section.h"
#include "host/training_page/weights_section.h"
#include "sim/base/text.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

DataSet layer_rows(const TrainingCost& cost, const std::vector<LayerCost>& layers) {
  DataSet data{
      "costs", {"layer", "matmul", "size", "cycles", "utilisation", "seconds", "energy_pj"}, {}};
  for (const LayerCost& layer : layers) {
    const std::optional<Picojoules> used = cost.energy(layer.step);
    data.rows.push_back(
        {printable(layer.layer), std::string(kStepPartNames[static_cast<std::size_t>(layer.part)]),
         size_text(layer.matmuls), layer.step.cycles().count(), cost.utilisation(layer.step),
         cost.time(layer.step), used ? Json(used->count()) : Json(nullptr)});
  }
  return data;
}

/// A row for each layer, a column for each part.
DataSet bar_rows(const std::vector<LayerCost>& layers) {
  DataSet data{"layer-cycles", {"layer"}, {}};
  data.columns.insert(data.columns.end(), kStepPartNames.begin(), kStepPartNames.end());
  std::vector<std::string> names;
  for (const LayerCost& layer : layers) {
    const std::string name = printable(layer.layer);
    const auto known = std::ranges::find(names, name);
    const auto row = static_cast<std::size_t>(known - names.begin());
    if (known == names.end()) {
      names.push_back(name);
      data.rows.push_back({name, 0, 0, 0});
    }
    data.rows[row][1 + static_cast<std::size_t>(layer.part)] = layer.step.cycles().count();
  }
  return data;
}

/// What is no product.
void add_passes(Page& page, PageSection& section, const TrainingCost& cost, const std::string& of) {
  DataSet data{
      of + "passes", {"part", "operations", "bytes", "cycles", "seconds", "energy_pj"}, {}};
  const VectorParts& parts = cost.steps.front().vector;
  for (std::size_t part = 0; part < parts.size(); ++part) {
    const std::optional<Picojoules> used = cost.energy(parts[part]);
    data.rows.push_back({std::string(kVectorPartNames[part]), parts[part].operations,
                         parts[part].read_bytes + parts[part].written_bytes,
                         parts[part].cycles.count(), cost.time(parts[part]),
                         used ? Json(used->count()) : Json(nullptr)});
  }
  PageTable table{"What is no product, as passes of a vector unit: a closed form, not simulated",
                  data.name,
                  {{"part", "part of a step"},
                   {"operations", "operations", CellKind::Count},
                   {"bytes", "bytes", CellKind::DataSize},
                   {"cycles", "cycles", CellKind::Count},
                   {"seconds", "time", CellKind::Time}}};
  if (cost.table) {
    table.columns.push_back({"energy_pj", "energy", CellKind::Energy});
  }
  section.table(table);
  page.data(std::move(data));
}

/// `of` is the adversary, or empty.
void add_array(Page& page, const TrainingCost& cost, const std::string& of) {
  const std::vector<LayerCost> layers = cost.layers(StepCounts(cost.steps.size()));
  PageSection& section =
      page.section(of + "array", of.empty() ? "What a step takes on the array"
                                            : "What a step of the adversary takes");
  const ArrayWork step = cost.steps.front().total();
  const std::optional<Picojoules> used = cost.energy(step);
  section.facts(
      {{"Samples", grouped(cost.steps.front().samples), "of a step"},
       {"Time", duration(cost.time(step)),
        fmt::format("{} cycles", grouped(step.cycles().count()))},
       {"Utilisation", percent(cost.utilisation(step)), "useful multiplications per PE and cycle"},
       {"Energy", used ? energy(*used) : "not known",
        used ? "of the array, its buffers and memories" : "of bf16 PEs on this table"}});
  section.paragraph(where_it_runs(Precision::Bfloat16));
  DataSet bars = bar_rows(layers);
  bars.name = of + bars.name;
  section.chart(
      {"Cycles of a step, layer by layer",
       "A bar for each layer, of its matmuls forward and backward.",
       stacked_bars(
           {bars.name,
            bars.rows.size(),
            "layer",
            {{"forward", "#0b5cad"}, {"input gradient", "#d55e00"}, {"weight gradient", "#009e73"}},
            "matmul",
            "cycles",
            "~s"})});
  DataSet costs = layer_rows(cost, layers);
  costs.name = of + costs.name;
  PageTable table{"Matmuls of a step",
                  costs.name,
                  {{"layer", "layer"},
                   {"matmul", "matmul"},
                   {"size", "rows × depth × columns"},
                   {"cycles", "cycles", CellKind::Count},
                   {"utilisation", "utilisation", CellKind::Share},
                   {"seconds", "time", CellKind::Time}}};
  if (cost.table) {
    table.columns.push_back({"energy_pj", "energy", CellKind::Energy});
  }
  section.table(table);
  add_passes(page, section, cost, of);
  page.data(std::move(bars));
  page.data(std::move(costs));
}

}  // namespace

std::string training_page(const TrainingReport& report, std::vector<ShownRun> beside) {
  Page page(
      fmt::format("Training of {}", printable(report.model)),
      fmt::format("{} parameters, {} samples", grouped(report.parameters), grouped(report.samples)),
      fmt::format("Made by systol {}.", kVersion));
  const std::string series = beside.empty() ? "learning rate" : "training";
  std::vector<ShownRun> runs =
      shown_runs(nlohmann::json::parse(report_json(report)), report.model, !beside.empty());
  std::ranges::move(beside, std::back_inserter(runs));
  PageSection& summary = add_summary(page, runs, series);
  summary.paragraph(
      fmt::format("All as with the first: {}.", to_text(report.runs.front().settings)));
  summary.code("The command that makes this page", report.command_line);
  if (report.adversary.empty()) {
    add_convergence(page, runs, series);
  } else {
    add_pictures(page, report);
    add_contest(page, report);
  }
  if (!report.sample.empty()) {
    page.section("text", "A text that it makes")
        .code(fmt::format("Drawn byte by byte at temperature {}", kSampleTemperature),
              report.sample);
  }
  add_recall(page, report);
  add_weights(page, runs, series);
  if (report.cost) {
    add_array(page, *report.cost, "");
  }
  for (const TrainingReport& adversary : report.adversary) {
    if (adversary.cost) {
      add_array(page, *adversary.cost, "adversary-");
    }
  }
  return page.html();
}

}  // namespace systol
