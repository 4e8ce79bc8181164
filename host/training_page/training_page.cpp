#include "host/training_page/training_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "host/page/page.h"
#include "host/page/stacked_bars.h"
#include "host/report/numbers.h"
#include "host/report/version.h"
#include "host/training_page/adversary_section.h"
#include "host/training_page/recall_section.h"
#include "host/training_page/step_rows.h"
#include "host/training_page/training_charts.h"
#include "sim/base/text.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

std::string rate_of(const TrainingRun& run) {
  return fmt::format("{}", run.settings.schedule.rate);
}

std::vector<std::string> rates_of(const TrainingReport& report) {
  std::vector<std::string> rates;
  for (const TrainingRun& run : report.runs) {
    rates.push_back(rate_of(run));
  }
  return rates;
}

std::string outcome_of(const TrainingRun& run) {
  return run.diverged.empty() ? "trained"
                              : fmt::format("diverged in step {}", run.history.steps.size() + 1);
}

std::uint64_t epochs_of(const TrainingRun& run) {
  return (run.history.steps.size() + run.steps_per_epoch - 1) / run.steps_per_epoch;
}

/// A point stands at its last step.
DataSet step_rows(const TrainingReport& report) {
  DataSet data{"steps", {"rate", "step", "loss"}, {}};
  for (const TrainingRun& run : report.runs) {
    add_step_rows(data, rate_of(run), run.history.steps);
  }
  return data;
}

/// The largest loss that charts show: ten times the largest of a first step. Nothing where none is
/// above it.
std::optional<double> highest_of(const TrainingReport& report) {
  constexpr double kTimes = 10;
  double first = 0;
  double most = 0;
  for (const TrainingRun& run : report.runs) {
    for (const StepRecord& step : run.history.steps) {
      first = std::max(first, &step == run.history.steps.data() ? step.loss : 0);
      most = std::max(most, step.loss);
    }
  }
  return most > kTimes * first ? std::optional(kTimes * first) : std::nullopt;
}

/// Where a rate diverged: at its last loss that was a number, or at the edge below it.
DataSet end_rows(const TrainingReport& report, std::optional<double> highest) {
  DataSet data{"ends", {"rate", "step", "loss", "why"}, {}};
  for (const TrainingRun& run : report.runs) {
    const std::vector<StepRecord>& steps = run.history.steps;
    if (!run.diverged.empty() && !steps.empty()) {
      data.rows.push_back({rate_of(run), steps.size(),
                           std::min(steps.back().loss, highest.value_or(steps.back().loss)),
                           run.diverged});
    }
  }
  return data;
}

DataSet epoch_rows(const TrainingReport& report) {
  DataSet data{"epochs", {"rate", "epoch", "samples", "loss", "accuracy"}, {}};
  for (const TrainingRun& run : report.runs) {
    for (std::uint64_t epoch = 0; epoch < epochs_of(run); ++epoch) {
      const EpochSummary summary = summary_of(run.history, epoch, run.steps_per_epoch);
      data.rows.push_back({rate_of(run), epoch + 1, "learned", summary.loss, summary.accuracy});
      if (epoch < run.history.tests.size()) {
        const TestRecord& test = run.history.tests[epoch];
        data.rows.push_back({rate_of(run), epoch + 1, "tests", test.loss,
                             static_cast<double>(test.correct) / test.samples});
      }
    }
  }
  return data;
}

/// Null for what is not known.
Json value_or_null(std::optional<double> value) { return value ? Json(*value) : Json(nullptr); }

DataSet rate_rows(const TrainingReport& report) {
  DataSet data{"rates",
               {"rate", "outcome", "steps", "loss", "accuracy", "test_loss", "test_accuracy",
                "cycles", "seconds", "energy_pj"},
               {}};
  for (const TrainingRun& run : report.runs) {
    Json row{rate_of(run), outcome_of(run), run.history.steps.size()};
    std::optional<EpochSummary> last;
    if (!run.history.steps.empty()) {
      last = summary_of(run.history, epochs_of(run) - 1, run.steps_per_epoch);
    }
    row.push_back(last ? Json(last->loss) : Json(nullptr));
    row.push_back(last && report.labelled ? Json(last->accuracy) : Json(nullptr));
    const TestRecord* test = run.history.tests.empty() ? nullptr : &run.history.tests.back();
    row.push_back(test != nullptr ? Json(test->loss) : Json(nullptr));
    row.push_back(test != nullptr && report.labelled
                      ? Json(static_cast<double>(test->correct) / test->samples)
                      : Json(nullptr));
    if (report.cost) {
      const ArrayWork work = report.cost->total(report.cost->counts(run.history));
      const std::optional<Picojoules> used = report.cost->energy(work);
      row.push_back(work.cycles().count());
      row.push_back(report.cost->time(work));
      row.push_back(value_or_null(used ? std::optional(used->count()) : std::nullopt));
    } else {
      row.insert(row.end(), {nullptr, nullptr, nullptr});
    }
    data.rows.push_back(std::move(row));
  }
  return data;
}

DataSet layer_rows(const TrainingCost& cost, const std::vector<LayerCost>& layers) {
  DataSet data{
      "costs", {"layer", "matmul", "size", "cycles", "utilisation", "seconds", "energy_pj"}, {}};
  for (const LayerCost& layer : layers) {
    const std::optional<Picojoules> used = cost.energy(layer.step);
    data.rows.push_back(
        {printable(layer.layer), std::string(kStepPartNames[static_cast<std::size_t>(layer.part)]),
         size_text(layer.matmuls), layer.step.cycles().count(), cost.utilisation(layer.step),
         cost.time(layer.step), value_or_null(used ? std::optional(used->count()) : std::nullopt)});
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

/// From 1 on, as far as any rate went.
std::vector<std::uint64_t> all_epochs(const TrainingReport& report) {
  std::vector<std::uint64_t> epochs;
  for (const TrainingRun& run : report.runs) {
    while (epochs.size() < epochs_of(run)) {
      epochs.push_back(epochs.size() + 1);
    }
  }
  return epochs;
}

bool all_above_zero(const DataSet& data, std::size_t column) {
  return std::ranges::all_of(data.rows, [&](const Json& row) {
    return row[column].is_number() && row[column].get<double>() > 0;
  });
}

PageTable rate_table(const TrainingReport& report) {
  PageTable table{"Learning rates",
                  "rates",
                  {{"rate", "learning rate"},
                   {"steps", "steps", CellKind::Count},
                   {"loss", "loss of the last epoch", CellKind::Number}},
                  false};
  if (report.labelled) {
    table.columns.push_back({"accuracy", "accuracy", CellKind::Share});
  }
  if (report.test_samples > 0) {
    table.columns.push_back({"test_loss", "loss of the tests", CellKind::Number});
    if (report.labelled) {
      table.columns.push_back({"test_accuracy", "accuracy of the tests", CellKind::Share});
    }
  }
  if (report.cost) {
    table.columns.push_back({"cycles", "cycles", CellKind::Count});
    table.columns.push_back({"seconds", "time", CellKind::Time});
    if (report.cost->table) {
      table.columns.push_back({"energy_pj", "energy", CellKind::Energy});
    }
  }
  table.columns.push_back({"outcome", "outcome"});
  return table;
}

void add_convergence(Page& page, const TrainingReport& report) {
  const DataSet steps = step_rows(report);
  const std::optional<double> highest = highest_of(report);
  const DataSet ends = end_rows(report, highest);
  const DataSet epochs = epoch_rows(report);
  PageSection& section = page.section("convergence", "Loss and accuracy");
  const std::string ending = ends.rows.empty() ? "" : "ends";
  RateLines lines{"steps", "step", "loss", "step", "loss", "~g", false, rates_of(report)};
  lines.logarithmic = all_above_zero(steps, 2) && all_above_zero(ends, 2);
  lines.highest = highest;
  lines.ends = ends.rows.empty() ? "" : ends.name;
  section.chart({"Loss of the samples that are learned, by step",
                 "A line for each learning rate. A cross is where one diverged.",
                 rate_lines(lines)});
  section.paragraph(fmt::format(
      "Where a rate has more than {} steps, each point is the mean of as many that follow each "
      "other as leave no more points. A step's loss is that before its update.{}",
      kMostStepPoints,
      highest ? fmt::format(" Losses above {:.3g}, ten times that of the first step, lie outside.",
                            *highest)
              : ""));
  lines = {"epochs", "epoch", "loss", "epoch", "loss", "~g", false, rates_of(report)};
  lines.logarithmic = all_above_zero(epochs, 3);
  lines.highest = highest;
  lines.dashes = report.test_samples > 0;
  lines.at = all_epochs(report);
  constexpr const char* kDescription =
      "A line for each learning rate, dashed where it is of the tests.";
  section.chart({"Loss by epoch", kDescription, rate_lines(lines)});
  if (report.labelled) {
    lines.y = lines.y_title = "accuracy";
    lines.format = ".0%";
    lines.logarithmic = false;
    lines.highest.reset();
    section.chart({"Accuracy by epoch", kDescription, rate_lines(lines)});
  }
  for (const DataSet& data : {steps, ends, epochs}) {
    page.data(data);
  }
}

constexpr const char* kWeights = R"({
  "width": "container",
  "height": 200,
  "mark": {"type": "area", "interpolate": "step", "opacity": 0.5, "line": true},
  "encoding": {
    "x": {"field": "value", "type": "quantitative", "axis": {"title": "weight", "grid": false}},
    "y": {"field": "density", "type": "quantitative", "stack": null,
          "axis": {"title": "density"}},
    "color": {"field": "parameter", "type": "nominal", "title": null,
              "scale": {"range": ["#0b5cad", "#d55e00", "#009e73", "#cc79a7", "#8a6d00"]}}
  }
})";

/// Of the last rate that did not diverge.
void add_weights(Page& page, const TrainingReport& report) {
  const auto run =
      std::ranges::find_if(report.runs.rbegin(), report.runs.rend(),
                           [](const TrainingRun& each) { return !each.weights.empty(); });
  if (run == report.runs.rend()) {
    return;
  }
  DataSet bins{"weights", {"parameter", "value", "density"}, {}};
  DataSet moments{"moments", {"parameter", "mean", "deviation", "kurtosis"}, {}};
  for (const WeightHistogram& histogram : run->weights) {
    const std::string name = printable(histogram.name);
    std::uint64_t all = 0;
    for (const std::uint64_t count : histogram.counts) {
      all += count;
    }
    const auto count = static_cast<double>(histogram.counts.size());
    const double width = std::max((histogram.high - histogram.low) / count, 1e-12);
    for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
      bins.rows.push_back(
          {name, histogram.low + (static_cast<double>(i) + 0.5) * width,
           static_cast<double>(histogram.counts[i]) / (static_cast<double>(all) * width)});
    }
    moments.rows.push_back({name, histogram.mean, histogram.deviation, histogram.excess_kurtosis});
  }
  PageSection& section = page.section("weights", "Weights");
  section.paragraph(fmt::format("After training with the learning rate {}.", rate_of(*run)));
  Json spec = Json::parse(kWeights);
  spec["data"]["name"] = bins.name;
  section.chart({"How the weights of each layer are spread", "A curve for each layer.", spec});
  section.table({"Excess kurtosis is 0 of a normal distribution and 3 of Laplace's",
                 "moments",
                 {{"parameter", "parameter"},
                  {"mean", "mean", CellKind::Number},
                  {"deviation", "deviation", CellKind::Number},
                  {"kurtosis", "excess kurtosis", CellKind::Number}}});
  page.data(std::move(bins));
  page.data(std::move(moments));
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
  page.data(std::move(bars));
  page.data(std::move(costs));
}

}  // namespace

std::string training_page(const TrainingReport& report) {
  Page page(
      fmt::format("Training of {}", printable(report.model)),
      fmt::format("{} parameters, {} samples", grouped(report.parameters), grouped(report.samples)),
      fmt::format("Made by systol {}.", kVersion));
  PageSection& summary = page.section("summary", "Learning rates");
  summary.table(rate_table(report));
  summary.paragraph(
      fmt::format("All as with the first: {}.", to_text(report.runs.front().settings)));
  std::vector<std::string> diverged;
  for (const TrainingRun& run : report.runs) {
    if (!run.diverged.empty()) {
      diverged.push_back(fmt::format("{}: {}", rate_of(run), run.diverged));
    }
  }
  if (!diverged.empty()) {
    summary.list(diverged);
  }
  summary.code("The command that makes this page", report.command_line);
  page.data(rate_rows(report));
  if (report.adversary.empty()) {
    add_convergence(page, report);
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
  add_weights(page, report);
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
