// How a network copies sequences, on the training's page.
#pragma once

#include "host/page/page.h"
#include "host/train/training_report.h"

namespace systol {

/// A table by length, and where the heads of its memory were; nothing of other networks.
void add_recall(Page& page, const TrainingReport& report);

}  // namespace systol
