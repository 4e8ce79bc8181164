#include "host/train/epoch_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "host/report/numbers.h"
#include "host/report/text_table.h"

namespace systol {
namespace {

constexpr std::uint64_t kMostRows = 20;
constexpr std::size_t kNumberWidth = 11;  ///< of "0.000123457" and "1.23457e-10"
constexpr std::size_t kColumnGap = 2;

std::string number(double value) { return fmt::format("{:.6g}", value); }

std::vector<std::string> names_of(const TrainingReport& report) {
  std::vector<std::string> names{"epoch", "steps", "learning rate", "loss"};
  if (!report.adversary.empty()) {
    names.insert(names.end(), {"taken for data", "adversary's loss", "adversary's accuracy"});
    return names;
  }
  if (report.labelled) {
    names.emplace_back("accuracy");
  }
  if (report.test_samples > 0) {
    names.emplace_back("test loss");
    if (report.labelled) {
      names.emplace_back("test accuracy");
    }
  }
  return names;
}

}  // namespace

EpochTable::EpochTable(const TrainingReport& report, std::uint64_t epochs,
                       std::uint64_t steps_per_epoch)
    : labelled_(report.labelled),
      steps_per_epoch_(steps_per_epoch),
      every_(std::max<std::uint64_t>(1, epochs / kMostRows)),
      names_(names_of(report)) {
  for (const std::string& name : names_) {
    widths_.push_back(name.ends_with("loss") ? std::max(kNumberWidth, width_of(name))
                                             : width_of(name));
  }
  widths_[0] = std::max(widths_[0], grouped(epochs).size());
  widths_[1] = std::max(widths_[1], grouped(epochs * steps_per_epoch).size());
}

std::string EpochTable::line(const std::vector<std::string>& cells) const {
  std::string text = fmt::format("{:<{}}", cells[0], widths_[0]);
  for (std::size_t i = 1; i < cells.size(); ++i) {
    text += fmt::format("{:>{}}", cells[i], widths_[i] + kColumnGap);
  }
  return text + '\n';
}

std::string EpochTable::head() const {
  const std::size_t width = std::accumulate(widths_.begin(), widths_.end(), std::size_t{0}) +
                            kColumnGap * (widths_.size() - 1);
  return line(names_) + std::string(width, '-') + '\n';
}

std::string EpochTable::rows(const History& history, const History* judged, std::uint64_t epochs,
                             bool last) {
  std::string text;
  for (; next_ < epochs; ++next_) {
    if ((next_ + 1) % every_ == 0 || next_ == 0) {
      text += line(cells_of(history, judged, next_));
      shown_ = next_ + 1;
    }
  }
  if (last && shown_ < epochs) {
    text += line(cells_of(history, judged, epochs - 1));
    shown_ = epochs;
  }
  return text;
}

std::vector<std::string> EpochTable::cells_of(const History& history, const History* judged,
                                              std::uint64_t epoch) const {
  const EpochSummary summary = summary_of(history, epoch, steps_per_epoch_);
  const std::uint64_t last = epoch * steps_per_epoch_ + summary.steps - 1;
  std::vector<std::string> cells{fmt::format("{}", epoch + 1), grouped(last + 1),
                                 number(static_cast<double>(history.steps[last].rate)),
                                 number(summary.loss)};
  if (labelled_) {
    cells.push_back(percent(summary.accuracy));
  }
  if (judged != nullptr) {
    const EpochSummary of_both = summary_of(*judged, epoch, steps_per_epoch_);
    cells.insert(cells.end(), {number(of_both.loss), percent(of_both.accuracy)});
  }
  if (epoch < history.tests.size()) {
    const TestRecord& test = history.tests[epoch];
    cells.push_back(number(test.loss));
    if (labelled_) {
      cells.push_back(percent(static_cast<double>(test.correct) / test.samples));
    }
  }
  return cells;
}

}  // namespace systol
