// How a generator and its adversary learn, on the training's page.
#pragma once

#include "host/page/page.h"
#include "host/train/training_report.h"

namespace systol {

/// What the generator makes; nothing where there are no pictures.
void add_pictures(Page& page, const TrainingReport& report);

/// The losses and the judgements of both, of a report with an adversary.
void add_contest(Page& page, const TrainingReport& report);

}  // namespace systol
