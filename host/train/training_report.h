// What a training was and how it went: one value for tables and JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/train/copy_task.h"
#include "host/train/trainer.h"
#include "host/train/training_cost.h"
#include "host/train/weight_histogram.h"

namespace systol {

/// One network trained with one learning rate.
struct TrainingRun {
  TrainingSettings settings;
  std::uint64_t steps_per_epoch = 1;
  History history;
  std::vector<WeightHistogram> weights;  ///< once it is trained; none of one that diverged
  std::string diverged;  ///< why it ended before its last step, in a sentence; empty: it did not
};

/// Samples side by side, as a PNG.
struct SamplePicture {
  std::string caption;
  std::string png;
};

struct TrainingReport {
  std::string model;
  std::string command_line;
  std::string how;  ///< what the samples were taken for
  std::size_t samples = 0;
  std::size_t test_samples = 0;      ///< 0 without any
  bool labelled = false;             ///< whether there is an accuracy
  std::uint64_t parameters = 0;      ///< values that are learned, and those that are fixed
  std::vector<TrainingRun> runs;     ///< one for each learning rate
  std::optional<TrainingCost> cost;  ///< on the array; nothing in a precision that none computes
  /// Of a generator, whose accuracy is the share of its samples that the adversary took for data:
  /// the adversary's report, with a run for each of the generator's. Empty of other networks.
  std::vector<TrainingReport> adversary{};
  std::vector<SamplePicture> pictures{};  ///< of what a generator makes
  std::string sample{};           ///< of a network that learned a text: what it writes; else empty
  std::vector<Recall> recalls{};  ///< of a network that copies, by length
  std::string label{};            ///< what it is called beside others; empty: as the model
  std::vector<SamplePicture> heads{};  ///< where such a network wrote and read
};

/// Of the text in a report.
inline constexpr double kSampleTemperature = 0.7;

/// Which part of a step runs where, in a sentence.
std::string_view where_it_runs(Precision precision);

/// What is trained on what, before the first run.
std::string head_text(const TrainingReport& report, Precision precision);

/// How one of the runs ended, and what the array took for it: after its EpochTable.
std::string run_end_text(const TrainingReport& report, std::size_t run);

/// What comes after all runs.
std::string end_text(const TrainingReport& report);

/// What the array took for all of it, as end_text has it; needs a cost.
std::string cost_text(const TrainingReport& report);

/// docs/training.md describes it.
std::string report_json(const TrainingReport& report);

}  // namespace systol
