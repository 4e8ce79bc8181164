#include <fmt/format.h>

#include <optional>

#include "host/report/numbers.h"
#include "host/report/text_table.h"
#include "host/train/training_report.h"

namespace systol {
namespace {

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

std::string head_text(const TrainingReport& report, Precision precision) {
  std::string text = fmt::format("{}: {} parameters, {} samples ({})", report.model,
                                 grouped(report.parameters), grouped(report.samples), report.how);
  text +=
      report.test_samples == 0 ? "\n" : fmt::format(", {} tests\n", grouped(report.test_samples));
  for (const TrainingReport& adversary : report.adversary) {
    text += fmt::format("its adversary {}: {} parameters\n", adversary.model,
                        grouped(adversary.parameters));
  }
  return text + fmt::format("{}\n", where_it_runs(precision));
}

std::string run_end_text(const TrainingReport& report, std::size_t run) {
  const TrainingRun& ended = report.runs[run];
  std::string text;
  if (!ended.diverged.empty()) {
    text += fmt::format("diverged: {}\n", ended.diverged);
  }
  if (report.cost) {
    text += array_line(*report.cost, ended.history);
  }
  for (const TrainingReport& adversary : report.adversary) {
    if (adversary.cost) {
      text += "adversary: " + array_line(*adversary.cost, adversary.runs[run].history);
    }
  }
  return text;
}

std::string end_text(const TrainingReport& report) {
  std::string text;
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
