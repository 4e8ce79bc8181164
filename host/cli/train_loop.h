// Steps to the end of a training, with progress and checkpoints.
#pragma once

#include <functional>
#include <string>

#include "host/cli/train_options.h"
#include "host/train/training.h"

namespace systol {

/// Steps until all are done, from the checkpoint that the options resume; `after_epoch` is called
/// after each epoch. A training that diverges ends where it did: returns why, with its last
/// checkpoint, and nothing of one that went to its end.
std::string train_to_the_end(Training& training, const TrainWords& words,
                             const std::function<void()>& after_epoch);

}  // namespace systol
