// Programs that are made whole before they run.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "host/compile/schedule.h"
#include "sim/device.h"

namespace systol {

/// The commands that `produce` hands to its sink, kept; null if there are more than `most`. A
/// schedule hands over nothing before its window is full, so a thread of its own (CommandStream)
/// would not begin to run such a program any earlier, and takes as much time again to pass it on.
std::unique_ptr<CommandSource> short_program(const std::function<void(const CommandSink&)>& produce,
                                             std::size_t most = Schedule::kWindow);

}  // namespace systol
