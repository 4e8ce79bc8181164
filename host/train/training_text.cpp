#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "host/report/numbers.h"
#include "host/report/text_table.h"
#include "host/train/training_report.h"

namespace systol {
namespace {

constexpr std::uint64_t kMostRows = 20;

std::string number(double value) { return fmt::format("{:.6g}", value); }

std::vector<std::string> head_of(const TrainingReport& report) {
  std::vector<std::string> head{"epoch", "steps", "learning rate", "loss"};
  if (!report.adversary.empty()) {
    head.insert(head.end(), {"taken for data", "adversary's loss", "adversary's accuracy"});
    return head;
  }
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

/// `judged` is the adversary's run, if there is one.
std::vector<std::string> row_of(const TrainingReport& report, const TrainingRun& run,
                                const TrainingRun* judged, std::uint64_t epoch) {
  const EpochSummary summary = summary_of(run.history, epoch, run.steps_per_epoch);
  const std::uint64_t last = epoch * run.steps_per_epoch + summary.steps - 1;
  std::vector<std::string> row{fmt::format("{}", epoch + 1), grouped(last + 1),
                               number(static_cast<double>(run.history.steps[last].rate)),
                               number(summary.loss)};
  if (report.labelled) {
    row.push_back(percent(summary.accuracy));
  }
  if (judged != nullptr) {
    const EpochSummary of_both = summary_of(judged->history, epoch, run.steps_per_epoch);
    row.insert(row.end(), {number(of_both.loss), percent(of_both.accuracy)});
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
  const TrainingRun* judged =
      report.adversary.empty()
          ? nullptr
          : &report.adversary.front().runs[static_cast<std::size_t>(&run - report.runs.data())];
  const std::uint64_t epochs =
      (run.history.steps.size() + run.steps_per_epoch - 1) / run.steps_per_epoch;
  const std::uint64_t every = std::max<std::uint64_t>(1, epochs / kMostRows);
  for (std::uint64_t epoch = 0; epoch < epochs; ++epoch) {
    if ((epoch + 1) % every == 0 || epoch == 0 || epoch + 1 == epochs) {
      table.add(row_of(report, run, judged, epoch));
    }
  }
  return table.text();
}

/// "1 234 steps on the array: 5 678 cycles, 11.4 us, 1.23 mJ"
std::string array_line(const TrainingCost& cost, const History& history) {
  const ArrayWork work = cost.total(cost.counts(history));
  std::string text =
      fmt::format("{} steps on the array: {} cycles, {}", grouped(history.steps.size()),
                  grouped(work.cycles().count()), duration(cost.time(work)));
  if (const std::optional<Picojoules> used = cost.energy(work)) {
    text += fmt::format(", {}", energy(*used));
  }
  return text + "\n";
}

std::string recall_text(const std::vector<Recall>& recalls) {
  TextTable table({"length", "sequences", "bits right", "without an error"});
  for (const Recall& recall : recalls) {
    const auto share = [](std::size_t part, std::size_t all) {
      return percent(static_cast<double>(part) / static_cast<double>(all));
    };
    table.add({grouped(recall.length), grouped(recall.sequences), share(recall.right, recall.bits),
               share(recall.whole, recall.sequences)});
  }
  return "Sequences that were not learned, copied:\n" + table.text();
}

}  // namespace

std::string_view where_it_runs(Precision precision) {
  return precision == Precision::Bfloat16
             ? "Matmuls are the array's: bfloat16 operands, float32 sums in its order, cycles and "
               "energy; the loss, derivatives, sums of biases and of distances, and the update are "
               "float32 on the host, and their cycles and energy a closed form of a vector "
               "unit's, which stands apart. Tests have neither."
             : "Float32 throughout, on the host: no array computes this.";
}

std::string report_text(const TrainingReport& report) {
  std::string text = fmt::format("{}: {} parameters, {} samples ({})", report.model,
                                 grouped(report.parameters), grouped(report.samples), report.how);
  text +=
      report.test_samples == 0 ? "\n" : fmt::format(", {} tests\n", grouped(report.test_samples));
  for (const TrainingReport& adversary : report.adversary) {
    text += fmt::format("its adversary {}: {} parameters\n", adversary.model,
                        grouped(adversary.parameters));
  }
  text += fmt::format("{}\n", where_it_runs(report.runs.front().settings.precision));
  for (std::size_t i = 0; i < report.runs.size(); ++i) {
    const TrainingRun& run = report.runs[i];
    text += fmt::format("\n{}\n{}", to_text(run.settings), table_of(report, run));
    if (!run.diverged.empty()) {
      text += fmt::format("diverged: {}\n", run.diverged);
    }
    if (report.cost) {
      text += array_line(*report.cost, run.history);
    }
    for (const TrainingReport& adversary : report.adversary) {
      if (adversary.cost) {
        text += "adversary: " + array_line(*adversary.cost, adversary.runs[i].history);
      }
    }
  }
  if (!report.recalls.empty()) {
    text += "\n" + recall_text(report.recalls);
  }
  if (report.cost) {
    text += "\n" + cost_text(report);
  }
  for (const TrainingReport& adversary : report.adversary) {
    if (adversary.cost) {
      text += "\nThe adversary:\n" + cost_text(adversary);
    }
  }
  if (!report.sample.empty()) {
    text += fmt::format("\nA text that it makes, drawn byte by byte at temperature {}:\n{}\n",
                        kSampleTemperature, report.sample);
  }
  return text;
}

}  // namespace systol
