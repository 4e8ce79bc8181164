#include <nlohmann/json.hpp>

#include "host/report/version.h"
#include "host/train/training_report.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

template <class Names, class Value>
std::string name_in(const Names& names, Value value) {
  return std::string(names[static_cast<std::size_t>(value)]);
}

Json settings_json(const TrainingSettings& settings) {
  return {{"loss", name_in(kLossNames, settings.loss)},
          {"optimiser", name_in(kOptimiserNames, settings.optimiser.kind)},
          {"momentum", settings.optimiser.momentum},
          {"learning_rate", settings.schedule.rate},
          {"schedule", name_in(kScheduleNames, settings.schedule.kind)},
          {"epochs", settings.epochs},
          {"batch", settings.batch},
          {"seed", settings.seed},
          {"shuffled", settings.shuffle},
          {"precision", name_in(kPrecisionNames, settings.precision)},
          {"fixed", settings.fixed}};
}

Json epochs_json(const TrainingReport& report, const TrainingRun& run) {
  Json epochs = Json::array();
  const History& history = run.history;
  for (std::uint64_t epoch = 0; epoch * run.steps_per_epoch < history.steps.size(); ++epoch) {
    const EpochSummary summary = summary_of(history, epoch, run.steps_per_epoch);
    Json row{{"epoch", epoch + 1}, {"steps", summary.steps}, {"loss", summary.loss}};
    if (report.labelled) {
      row["accuracy"] = summary.accuracy;
    }
    if (epoch < history.tests.size()) {
      const TestRecord& test = history.tests[epoch];
      row["test_loss"] = test.loss;
      if (report.labelled) {
        row["test_accuracy"] = static_cast<double>(test.correct) / test.samples;
      }
    }
    epochs.push_back(std::move(row));
  }
  return epochs;
}

Json run_json(const TrainingReport& report, const TrainingRun& run) {
  Json losses = Json::array();
  Json rates = Json::array();
  for (const StepRecord& step : run.history.steps) {
    losses.push_back(step.loss);
    rates.push_back(step.rate);
  }
  return {{"settings", settings_json(run.settings)},
          {"steps_per_epoch", run.steps_per_epoch},
          {"epochs", epochs_json(report, run)},
          {"step_losses", std::move(losses)},
          {"step_learning_rates", std::move(rates)}};
}

}  // namespace

std::string report_json(const TrainingReport& report) {
  Json runs = Json::array();
  for (const TrainingRun& run : report.runs) {
    runs.push_back(run_json(report, run));
  }
  const Json json{{"schema", {{"name", "systol.training"}, {"version", 1}}},
                  {"systol", kVersion},
                  {"command", report.command_line},
                  {"model", report.model},
                  {"parameters", report.parameters},
                  {"samples", report.samples},
                  {"input", report.how},
                  {"test_samples", report.test_samples},
                  {"where", where_it_runs(report.runs.front().settings.precision)},
                  {"runs", std::move(runs)}};
  return json.dump(2) + "\n";
}

}  // namespace systol
