#include "host/result_page/training_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/page/page.h"
#include "host/report/numbers.h"
#include "host/report/version.h"
#include "sim/base/text.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

/// Of a curve; each is the mean of as many steps as that takes.
constexpr std::uint64_t kMostPoints = 400;

constexpr const char* kCurves = R"({
  "width": "container",
  "height": 320,
  "mark": {"type": "line", "interpolate": "linear", "strokeWidth": 1.5, "point": false},
  "encoding": {
    "x": {"type": "quantitative", "scale": {"nice": false}},
    "y": {"type": "quantitative"},
    "color": {"field": "rate", "type": "nominal", "title": "learning rate", "sort": null}
  }
})";

std::string rate_of(const TrainingRun& run) {
  return fmt::format("{}", run.settings.schedule.rate);
}

DataSet losses_of(const TrainingReport& report) {
  DataSet data{"losses", {"rate", "step", "loss"}, {}};
  for (const TrainingRun& run : report.runs) {
    const std::vector<StepRecord>& steps = run.history.steps;
    const std::uint64_t width = (steps.size() + kMostPoints - 1) / kMostPoints;
    for (std::uint64_t first = 0; first < steps.size(); first += width) {
      const std::uint64_t end = std::min<std::uint64_t>(first + width, steps.size());
      double sum = 0;
      for (std::uint64_t i = first; i < end; ++i) {
        sum += steps[i].loss;
      }
      data.rows.push_back({rate_of(run), end, sum / static_cast<double>(end - first)});
    }
  }
  return data;
}

DataSet epochs_of(const TrainingReport& report) {
  DataSet data{
      "epochs", {"rate", "epoch", "loss", "accuracy", "test_loss", "test_accuracy", "shown"}, {}};
  for (const TrainingRun& run : report.runs) {
    const std::uint64_t count = run.history.steps.size() / run.steps_per_epoch;
    for (std::uint64_t epoch = 0; epoch < count; ++epoch) {
      const EpochSummary summary = summary_of(run.history, epoch, run.steps_per_epoch);
      const bool tested = epoch < run.history.tests.size();
      Json row{rate_of(run), epoch + 1, summary.loss, nullptr, nullptr, nullptr, nullptr};
      if (tested) {
        row[4] = run.history.tests[epoch].loss;
      }
      if (report.labelled) {
        row[3] = summary.accuracy;
        row[6] = summary.accuracy;
        if (tested) {
          const TestRecord& test = run.history.tests[epoch];
          row[5] = static_cast<double>(test.correct) / test.samples;
          row[6] = row[5];
        }
      }
      data.rows.push_back(std::move(row));
    }
  }
  return data;
}

Json curves(const std::string& data, const std::string& x, const std::string& x_title,
            const std::string& y, const std::string& y_title) {
  Json spec = Json::parse(kCurves);
  spec["data"]["name"] = data;
  Json& encoding = spec["encoding"];
  encoding["x"]["field"] = x;
  encoding["x"]["title"] = x_title;
  encoding["y"]["field"] = y;
  encoding["y"]["title"] = y_title;
  return spec;
}

void add_curves(const TrainingReport& report, Page& page) {
  PageSection& section = page.section("convergence", "Convergence");
  section.paragraph(
      "The loss of each step before its update; of many steps the mean of some that follow each "
      "other. A rate that is too small takes long, and one that is too large does not settle.");
  Json loss = curves("losses", "step", "step", "loss", "loss");
  loss["encoding"]["y"]["scale"] = {{"type", "log"}};
  section.chart({"Loss by step", "A curve for each learning rate: the loss over the steps.",
                 std::move(loss)});
  if (report.labelled) {
    Json accuracy = curves("epochs", "epoch", "epoch", "shown",
                           report.test_samples > 0 ? "accuracy on the tests" : "accuracy");
    accuracy["encoding"]["y"]["scale"] = {{"zero", false}};
    accuracy["encoding"]["y"]["axis"] = {{"format", ".0%"}};
    section.chart({"Accuracy by epoch",
                   "A curve for each learning rate: the accuracy over the epochs.",
                   std::move(accuracy)});
  }
}

void add_table(const TrainingReport& report, Page& page) {
  PageTable table;
  table.caption = "Epochs";
  table.data = "epochs";
  table.columns = {{"rate", "Learning rate"},
                   {"epoch", "Epoch", CellKind::Count},
                   {"loss", "Loss", CellKind::Number}};
  if (report.labelled) {
    table.columns.push_back({"accuracy", "Accuracy", CellKind::Share});
  }
  if (report.test_samples > 0) {
    table.columns.push_back({"test_loss", "Test loss", CellKind::Number});
    if (report.labelled) {
      table.columns.push_back({"test_accuracy", "Test accuracy", CellKind::Share});
    }
  }
  page.section("epochs", "Epochs").table(table);
}

}  // namespace

std::string training_page(const TrainingReport& report) {
  Page page(
      fmt::format("Training of {}", printable(report.model)),
      fmt::format("{} parameters, {} samples", grouped(report.parameters), grouped(report.samples)),
      fmt::format("systol {}", kVersion));
  PageSection& summary = page.section("summary", "What was trained");
  summary.paragraph(where_it_runs(report.runs.front().settings.precision));
  for (const TrainingRun& run : report.runs) {
    summary.paragraph(to_text(run.settings));
  }
  summary.code("Command", report.command_line);
  add_curves(report, page);
  add_table(report, page);
  page.data(losses_of(report));
  page.data(epochs_of(report));
  return page.html();
}

}  // namespace systol
