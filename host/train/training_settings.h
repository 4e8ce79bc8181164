// How a network is trained.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

#include "host/train/optimiser.h"
#include "host/train/precision.h"
#include "host/train/rate_schedule.h"
#include "host/train/training_graph.h"
#include "sim/base/error.h"

namespace systol {

struct TrainingSettings {
  Loss loss = Loss::CrossEntropy;
  OptimiserSettings optimiser;
  RateSchedule schedule;
  std::uint64_t epochs = 1;
  std::size_t batch = 1;  ///< samples of a step; the last of an epoch may have fewer
  std::uint64_t seed = 1;
  bool shuffle = true;  ///< the samples, in each epoch anew
  Precision precision = Precision::Bfloat16;
  std::size_t piece = 0;  ///< of a sum: the array's rows that add up (MatrixProduct); 0: all
  DistanceRule distances = DistanceRule::Full;  ///< of layers with the similarity l1
  std::set<std::string> fixed;                  ///< names of parameters that are not updated
};

/// All that makes a training what it is, but for the number of epochs where no rate depends on it.
std::string to_text(const TrainingSettings& settings);

/// The loss or a parameter is no longer finite. What the trainer held before the step is lost; its
/// last checkpoint is not.
class Divergence : public InputError {
 public:
  using InputError::InputError;
};

}  // namespace systol
