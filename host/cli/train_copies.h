// The copy task of `systol train --copy-task`.
#pragma once

#include "host/cli/train_options.h"
#include "host/cli/train_samples.h"
#include "host/graph/graph.h"
#include "host/train/trainer.h"
#include "host/train/training_report.h"

namespace systol {

/// The sequences that are learned. Throws InputError for a network of other shapes.
ReadSamples made_up_sequences(const Graph& network, const TrainWords& words);

/// Into the report: how the trained network copies sequences as long as those it learned, and
/// longer ones where its file has the variables `length` and `steps`; and where its heads were.
void note_recall(TrainingReport& report, const Trainer& trainer, const TrainWords& words);

}  // namespace systol
