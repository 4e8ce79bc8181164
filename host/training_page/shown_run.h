// A training as a page shows it: what its JSON says.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "host/train/weight_histogram.h"

namespace systol {

struct ShownEpoch {
  double loss = 0;
  std::optional<double> accuracy;  ///< 0 to 1; nothing without labels
  std::optional<double> test_loss;
  std::optional<double> test_accuracy;
};

struct ShownRun {
  std::string line;          ///< which line of a chart, which row of a table it is
  std::string rate;          ///< of its first step
  std::string diverged;      ///< why it ended before its last step; empty: it did not
  std::vector<double> loss;  ///< by step
  std::vector<ShownEpoch> epochs;
  std::vector<WeightHistogram> weights;  ///< none of one that diverged, and of old files
  /// On the array: nothing where no array computes it, or no energy is known.
  std::optional<std::uint64_t> cycles;
  std::optional<double> seconds;
  std::optional<double> picojoules;
};

/// A learning rate as a page shows it.
std::string rate_text(double rate);

/// The line of one of the `runs` of a training: its label, and the rate where there are several.
std::string line_of(const std::string& label, const std::string& rate, std::size_t runs);

/// A run for each learning rate, from what report_json writes. Their lines are the rates; with
/// `named` those of line_of. Throws InputError, with
/// `place` and the value's own, for what is not such a JSON.
std::vector<ShownRun> shown_runs(const nlohmann::json& training, const std::string& place,
                                 bool named);

/// Of a file that `systol train --json` wrote, named. Throws InputError, with its path.
std::vector<ShownRun> read_shown_runs(const std::filesystem::path& path);

}  // namespace systol
