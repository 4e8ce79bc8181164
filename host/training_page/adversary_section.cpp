#include "host/training_page/adversary_section.h"

#include <fmt/format.h>

#include "host/training_page/step_rows.h"
#include "host/training_page/training_charts.h"

namespace systol {
namespace {

constexpr const char* kGenerator = "generator";
constexpr const char* kAdversary = "adversary";

void add_epoch_rows(DataSet& data, const std::string& series, const TrainingRun& run) {
  for (std::uint64_t epoch = 0; epoch * run.steps_per_epoch < run.history.steps.size(); ++epoch) {
    const EpochSummary summary = summary_of(run.history, epoch, run.steps_per_epoch);
    data.rows.push_back({series, epoch + 1, summary.loss, summary.accuracy});
  }
}

RateLines chart_lines(const DataSet& data, const std::string& x, const std::string& y,
                      const std::string& title, const std::string& format) {
  RateLines lines{data.name, x, y, x, title, format, false, {kGenerator, kAdversary}};
  lines.series = "network";
  lines.series_title = "network";
  return lines;
}

}  // namespace

void add_pictures(Page& page, const TrainingReport& report) {
  if (report.pictures.empty()) {
    return;
  }
  std::vector<PagePicture> pictures;
  for (const SamplePicture& picture : report.pictures) {
    pictures.push_back({picture.caption, "Samples that the generator makes", picture.png});
  }
  PageSection& section = page.section("samples", "What the generator makes");
  section.paragraph("Of the same noise in each picture.");
  section.pictures(pictures);
}

void add_contest(Page& page, const TrainingReport& report) {
  const TrainingRun& made = report.runs.front();
  const TrainingRun& judged = report.adversary.front().runs.front();
  DataSet steps{"steps", {"network", "step", "loss"}, {}};
  add_step_rows(steps, kGenerator, losses_of(made.history));
  add_step_rows(steps, kAdversary, losses_of(judged.history));
  DataSet epochs{"epochs", {"network", "epoch", "loss", "share"}, {}};
  add_epoch_rows(epochs, kGenerator, made);
  add_epoch_rows(epochs, kAdversary, judged);
  PageSection& section = page.section("contest", "The generator and its adversary");
  section.chart({"Loss by step", "A line for the generator, one for its adversary.",
                 rate_lines(chart_lines(steps, "step", "loss", "loss", "~g"))});
  section.paragraph(
      fmt::format("Where there are more than {} steps, each point is the mean of as many that "
                  "follow each other "
                  "as leave no more points.",
                  kMostStepPoints));
  section.chart(
      {"What the adversary says, by epoch",
       "Of the generator: the share of its samples that the adversary took for data. Of the "
       "adversary: the share of all samples that it judged rightly.",
       rate_lines(chart_lines(epochs, "epoch", "share", "share", ".0%"))});
  section.paragraph(
      "The generator's share is that of its samples which the adversary took for data, the "
      "adversary's that of all samples, half of them data, which it judged rightly. An adversary "
      "that cannot tell them apart is right about half of them.");
  page.data(std::move(steps));
  page.data(std::move(epochs));
}

}  // namespace systol
