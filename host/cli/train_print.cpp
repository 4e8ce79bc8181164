#include "host/cli/train_print.h"

#include <fmt/format.h>

#include <cstdio>

#include "host/cli/progress_line.h"

namespace systol {

void TrainPrint::begin_run(const Training& training) {
  settings_ = training.settings();
  steps_per_epoch_ = training.steps_per_epoch();
  table_.emplace(report_, settings_.epochs, steps_per_epoch_);
  has_table_ = false;
}

void TrainPrint::after_epoch(const History& history, const History* judged) {
  begin_table();
  print(table_->rows(history, judged, history.steps.size() / steps_per_epoch_, false));
}

void TrainPrint::end_run() {
  const std::size_t run = report_.runs.size() - 1;
  const History& history = report_.runs[run].history;
  const History* judged =
      report_.adversary.empty() ? nullptr : &report_.adversary.front().runs[run].history;
  begin_table();
  const std::uint64_t epochs = (history.steps.size() + steps_per_epoch_ - 1) / steps_per_epoch_;
  print(table_->rows(history, judged, epochs, true) + run_end_text(report_, run));
}

void TrainPrint::end() { print(end_text(report_)); }

/// With what is above it. Not before there is something in it: what is wrong is found by then.
void TrainPrint::begin_table() {
  if (!has_head_) {
    print(head_text(report_, settings_.precision));
    has_head_ = true;
  }
  if (!has_table_) {
    print(fmt::format("\n{}\n{}", to_text(settings_), table_->head()));
    has_table_ = true;
  }
}

void TrainPrint::print(const std::string& text) const {
  if (!silent_ && !text.empty()) {
    hide_progress();
    fmt::print("{}", text);
    std::fflush(stdout);
  }
}

}  // namespace systol
