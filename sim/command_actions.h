// What a command moves, by its fields alone: how the fast engine counts.
#pragma once

#include "hw/isa/command.h"
#include "sim/activity.h"
#include "sim/config/array_config.h"

namespace systol {

/// Adds the command's actions to `activity`, all but those that depend on the data:
/// Action::MacsZero, Action::FedZeros and the toggles. A weight tile is counted from memory to
/// shadow registers with its load_weights. The clocked engines do not use this: they count what
/// they see happen.
void count_actions(const isa::Operation& operation, const ArrayConfig& config, Activity& activity);

}  // namespace systol
