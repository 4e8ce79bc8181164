// One network trained with one learning rate, with its progress and its checkpoints.
#pragma once

#include "host/cli/train_options.h"
#include "host/train/trainer.h"
#include "host/train/training_report.h"

namespace systol {

/// Steps until all are done, from the checkpoint that the options resume. A training that diverges
/// ends where it did, and says so with its last checkpoint.
TrainingRun train_to_the_end(Trainer& trainer, const TrainWords& words, bool labelled);

}  // namespace systol
