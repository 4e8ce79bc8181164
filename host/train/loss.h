// How far scores are from their targets.
#pragma once

#include <cstddef>
#include <span>

#include "host/train/training_graph.h"

namespace systol {

struct LossValue {
  double mean = 0;          ///< as Loss says, in double
  std::size_t correct = 0;  ///< samples whose class is right
};

/// Of `samples` samples with as many scores and targets each. A sample's class is the largest of
/// its scores, the first of equal ones; with one score, whether the output is above 1/2.
LossValue loss_of(Likelihood likelihood, std::span<const float> scores,
                  std::span<const float> targets, std::size_t samples, std::size_t row);

}  // namespace systol
