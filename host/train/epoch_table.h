// A training's epochs as rows of a table, which can be written as the epochs go by.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/train/training_report.h"

namespace systol {

class EpochTable {
 public:
  /// Of a training of so many epochs, with the columns that the report has.
  EpochTable(const TrainingReport& report, std::uint64_t epochs, std::uint64_t steps_per_epoch);

  /// The columns' names and a rule.
  std::string head() const;

  /// The rows of `epochs` epochs from the one where the last call ended. Of a training of more than
  /// 20 epochs some 20 have a row, the first and the `last` among them. `judged` is the adversary's
  /// history, if there is one.
  std::string rows(const History& history, const History* judged, std::uint64_t epochs, bool last);

 private:
  std::string line(const std::vector<std::string>& cells) const;
  std::vector<std::string> cells_of(const History& history, const History* judged,
                                    std::uint64_t epoch) const;

  bool labelled_;
  std::uint64_t steps_per_epoch_;
  std::uint64_t every_;
  std::uint64_t next_ = 0;
  std::uint64_t shown_ = 0;  ///< up to which epoch there are rows
  std::vector<std::string> names_;
  std::vector<std::size_t> widths_;
};

}  // namespace systol
