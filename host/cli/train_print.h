// A training's report on standard output, line by line as it is trained.
#pragma once

#include <cstdint>
#include <optional>

#include "host/train/epoch_table.h"
#include "host/train/training.h"
#include "host/train/training_report.h"

namespace systol {

class TrainPrint {
 public:
  /// Of a report that is filled in meanwhile and outlives this; `silent` prints nothing.
  TrainPrint(const TrainingReport& report, bool silent) : report_(report), silent_(silent) {}

  void begin_run(const Training& training);
  /// Whatever epochs have ended since. `judged` is the adversary's history, if there is one.
  void after_epoch(const History& history, const History* judged = nullptr);
  /// Of the last of the report's runs, with the epoch in which it stopped, if it did.
  void end_run();
  /// Once the report is whole.
  void end();

 private:
  void begin_table();
  void print(const std::string& text) const;

  const TrainingReport& report_;
  bool silent_;
  bool has_head_ = false;
  bool has_table_ = false;
  TrainingSettings settings_;
  std::uint64_t steps_per_epoch_ = 1;
  std::optional<EpochTable> table_;
};

}  // namespace systol
