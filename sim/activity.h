// What a command moves, by its fields alone: every engine counts the same actions.
#pragma once

#include "hw/isa/command.h"
#include "sim/config/array_config.h"
#include "sim/device.h"

namespace systol {

/// Adds the command's actions to `activity`, all but `macs_zero`, which depends on the data. A
/// weight tile is counted from memory to shadow registers with its load_weights.
void count_actions(const isa::Operation& operation, const ArrayConfig& config, Activity& activity);

}  // namespace systol
