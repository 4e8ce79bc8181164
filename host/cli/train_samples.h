// The samples that `systol train` learns from.
#pragma once

#include <string>

#include "host/cli/train_options.h"

namespace systol {

struct ReadSamples {
  TrainingData data;
  std::string how;  ///< what the numbers were taken for, for people
};

/// Of a text, for a network in the form of with_one_hot_rows(): the first `limit`. Throws
/// InputError for a network that does not read tokens and give as many scores for each, for a text
/// shorter than a sample, and for a byte that the network has no row for.
ReadSamples read_training_text(const Graph& network, const std::string& path,
                               std::optional<std::uint32_t> limit);

/// As the network takes them: the first `limit`, with labels or targets where the words name some.
/// `option` stands before "labels" and "targets" in errors. Throws InputError where samples, labels
/// and targets are not as many, or do not fit the network.
ReadSamples read_training_samples(const Graph& network, const SampleWords& words,
                                  const TrainWords& all, std::optional<std::uint32_t> limit);

}  // namespace systol
