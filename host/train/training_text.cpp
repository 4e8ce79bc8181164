#include <fmt/format.h>

#include <algorithm>

#include "host/report/numbers.h"
#include "host/report/text_table.h"
#include "host/train/training_report.h"

namespace systol {
namespace {

constexpr std::uint64_t kMostRows = 20;

std::string number(double value) { return fmt::format("{:.6g}", value); }

std::vector<std::string> head_of(const TrainingReport& report) {
  std::vector<std::string> head{"epoch", "steps", "learning rate", "loss"};
  if (report.labelled) {
    head.emplace_back("accuracy");
  }
  if (report.test_samples > 0) {
    head.emplace_back("test loss");
    if (report.labelled) {
      head.emplace_back("test accuracy");
    }
  }
  return head;
}

std::vector<std::string> row_of(const TrainingReport& report, const TrainingRun& run,
                                std::uint64_t epoch) {
  const EpochSummary summary = summary_of(run.history, epoch, run.steps_per_epoch);
  const std::uint64_t last = epoch * run.steps_per_epoch + summary.steps - 1;
  std::vector<std::string> row{fmt::format("{}", epoch + 1), grouped(last + 1),
                               number(static_cast<double>(run.history.steps[last].rate)),
                               number(summary.loss)};
  if (report.labelled) {
    row.push_back(percent(summary.accuracy));
  }
  if (epoch < run.history.tests.size()) {
    const TestRecord& test = run.history.tests[epoch];
    row.push_back(number(test.loss));
    if (report.labelled) {
      row.push_back(percent(static_cast<double>(test.correct) / test.samples));
    }
  }
  return row;
}

std::string table_of(const TrainingReport& report, const TrainingRun& run) {
  TextTable table(head_of(report));
  const std::uint64_t epochs =
      (run.history.steps.size() + run.steps_per_epoch - 1) / run.steps_per_epoch;
  const std::uint64_t every = std::max<std::uint64_t>(1, epochs / kMostRows);
  for (std::uint64_t epoch = 0; epoch < epochs; ++epoch) {
    if ((epoch + 1) % every == 0 || epoch == 0 || epoch + 1 == epochs) {
      table.add(row_of(report, run, epoch));
    }
  }
  return table.text();
}

}  // namespace

std::string_view where_it_runs(Precision precision) {
  return precision == Precision::Bfloat16
             ? "matmuls have bfloat16 operands and float32 sums in the array's order; the loss, "
               "derivatives, sums of biases and the update are float32 on the "
               "host; cycles and energy are not simulated"
             : "float32 throughout, on the host: no array computes this";
}

std::string report_text(const TrainingReport& report) {
  std::string text = fmt::format("{}: {} parameters, {} samples ({})", report.model,
                                 grouped(report.parameters), grouped(report.samples), report.how);
  text +=
      report.test_samples == 0 ? "\n" : fmt::format(", {} tests\n", grouped(report.test_samples));
  text += fmt::format("{}\n", where_it_runs(report.runs.front().settings.precision));
  for (const TrainingRun& run : report.runs) {
    text += fmt::format("\n{}\n{}", to_text(run.settings), table_of(report, run));
  }
  return text;
}

}  // namespace systol
