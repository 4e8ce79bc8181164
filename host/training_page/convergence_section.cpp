#include "host/training_page/convergence_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "host/training_page/step_rows.h"
#include "host/training_page/training_charts.h"
#include "host/training_page/value_or_null.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

/// A point stands at its last step.
DataSet step_rows(const std::vector<ShownRun>& runs) {
  DataSet data{"steps", {"run", "step", "loss"}, {}};
  for (const ShownRun& run : runs) {
    add_step_rows(data, run.line, run.loss);
  }
  return data;
}

/// The largest loss that charts show: ten times the largest of a first step. Nothing where none is
/// above it.
std::optional<double> highest_of(const std::vector<ShownRun>& runs) {
  constexpr double kTimes = 10;
  double first = 0;
  double most = 0;
  for (const ShownRun& run : runs) {
    first = std::max(first, run.loss.empty() ? 0 : run.loss.front());
    for (const double loss : run.loss) {
      most = std::max(most, loss);
    }
  }
  return most > kTimes * first ? std::optional(kTimes * first) : std::nullopt;
}

/// Where a run diverged: at its last loss that was a number, or at the edge below it.
DataSet end_rows(const std::vector<ShownRun>& runs, std::optional<double> highest) {
  DataSet data{"ends", {"run", "step", "loss", "why"}, {}};
  for (const ShownRun& run : runs) {
    if (!run.diverged.empty() && !run.loss.empty()) {
      const double last = run.loss.back();
      data.rows.push_back(
          {run.line, run.loss.size(), std::min(last, highest.value_or(last)), run.diverged});
    }
  }
  return data;
}

DataSet epoch_rows(const std::vector<ShownRun>& runs) {
  DataSet data{"epochs", {"run", "epoch", "samples", "loss", "accuracy"}, {}};
  for (const ShownRun& run : runs) {
    for (std::size_t i = 0; i < run.epochs.size(); ++i) {
      const ShownEpoch& epoch = run.epochs[i];
      data.rows.push_back({run.line, i + 1, "learned", epoch.loss, value_or_null(epoch.accuracy)});
      if (epoch.test_loss) {
        data.rows.push_back(
            {run.line, i + 1, "tests", *epoch.test_loss, value_or_null(epoch.test_accuracy)});
      }
    }
  }
  return data;
}

/// From 1 on, as far as any run went.
std::vector<std::uint64_t> all_epochs(const std::vector<ShownRun>& runs) {
  std::vector<std::uint64_t> epochs;
  for (const ShownRun& run : runs) {
    while (epochs.size() < run.epochs.size()) {
      epochs.push_back(epochs.size() + 1);
    }
  }
  return epochs;
}

bool any(const DataSet& data, std::size_t column, const Json& value) {
  return std::ranges::any_of(data.rows, [&](const Json& row) { return row[column] == value; });
}

bool all_above_zero(const DataSet& data, std::size_t column) {
  return std::ranges::all_of(data.rows, [&](const Json& row) {
    return row[column].is_number() && row[column].get<double>() > 0;
  });
}

std::vector<std::string> run_lines(const std::vector<ShownRun>& runs) {
  std::vector<std::string> lines;
  lines.reserve(runs.size());
  for (const ShownRun& run : runs) {
    lines.push_back(run.line);
  }
  return lines;
}

void add_step_chart(PageSection& section, const DataSet& steps, const DataSet& ends,
                    RateLines lines) {
  lines.data = steps.name;
  lines.x = lines.x_title = "step";
  lines.logarithmic = all_above_zero(steps, 2) && all_above_zero(ends, 2);
  lines.ends = ends.rows.empty() ? "" : ends.name;
  section.chart(
      {"Loss of the samples that are learned, by step",
       fmt::format("A line for each {}. A cross is where one diverged.", lines.series_title),
       rate_lines(lines)});
  section.paragraph(fmt::format(
      "Where there are more than {} steps, each point is the mean of as many that follow each "
      "other as leave no more points. A step's loss is that before its update.{}",
      kMostStepPoints,
      lines.highest
          ? fmt::format(" Losses above {:.3g}, ten times that of the first step, lie outside.",
                        *lines.highest)
          : ""));
}

void add_epoch_charts(PageSection& section, const DataSet& epochs, RateLines lines) {
  lines.data = epochs.name;
  lines.x = lines.x_title = "epoch";
  lines.logarithmic = all_above_zero(epochs, 3);
  lines.dashes = any(epochs, 2, "tests");
  const std::string description =
      fmt::format("A line for each {}, dashed where it is of the tests.", lines.series_title);
  section.chart({"Loss by epoch", description, rate_lines(lines)});
  const bool labelled =
      std::ranges::any_of(epochs.rows, [](const Json& row) { return row.back().is_number(); });
  if (labelled) {
    lines.y = lines.y_title = "accuracy";
    lines.format = ".0%";
    lines.logarithmic = false;
    lines.highest.reset();
    section.chart({"Accuracy by epoch", description, rate_lines(lines)});
  }
}

}  // namespace

void add_convergence(Page& page, const std::vector<ShownRun>& runs, const std::string& series) {
  const std::optional<double> highest = highest_of(runs);
  DataSet steps = step_rows(runs);
  DataSet ends = end_rows(runs, highest);
  DataSet epochs = epoch_rows(runs);
  PageSection& section = page.section("convergence", "Loss and accuracy");
  RateLines lines{"", "", "loss", "", "loss", "~g", false, run_lines(runs), highest};
  lines.series_title = series;
  add_step_chart(section, steps, ends, lines);
  lines.at = all_epochs(runs);
  add_epoch_charts(section, epochs, lines);
  page.data(std::move(steps));
  page.data(std::move(ends));
  page.data(std::move(epochs));
}

}  // namespace systol
