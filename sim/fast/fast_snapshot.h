// The fast engine up to a cycle, for another engine to go on from.
#pragma once

#include "sim/config/array_config.h"
#include "sim/device.h"
#include "sim/snapshot.h"

namespace systol {

/// Runs the program's commands that start before `cycle`, and leaves `commands` where the
/// snapshot's `fetched` says. `observer` (may be null) sees those commands and the rows
/// that they write. Throws InputError on a
/// deadlock.
Snapshot fast_snapshot(const ArrayConfig& config, CommandSource& commands, std::size_t nodes,
                       MemoryImage memory, Cycles cycle, Observer* observer);

}  // namespace systol
