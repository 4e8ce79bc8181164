// What single commands and transports of a run do, for what is shown over time.
#pragma once

#include "hw/isa/command.h"
#include "sim/activity.h"
#include "sim/config/array_config.h"
#include "sim/device.h"

namespace systol {

/// What a transport costs: the memory, and where the chip takes or gives the bytes.
Activity actions_of(const Transport& transport, const ArrayConfig& config);

/// All that a command does but for its transports, and for what depends on the data.
Activity actions_of(const isa::Operation& operation, const ArrayConfig& config);

}  // namespace systol
