// The engines; the only place that knows them all.
#pragma once

#include <memory>
#include <string_view>

#include "host/session/engine_spec.h"
#include "host/session/progress.h"
#include "sim/config/array_config.h"
#include "sim/device.h"
#include "sim/timed_command.h"

namespace systol {

/// The RTL of a size that is not there yet is built first. `config` must outlive the device. Throws
/// InputError for a PE or a wave scope that the array does not have.
std::unique_ptr<Device> make_engine(const EngineSpec& engine, const ArrayConfig& config,
                                    const Progress& progress = {});

/// How long commands take on `config`, without values. `nodes` are as many as the commands name.
/// `observer` sees stalls and transports; without one it takes half the time. Throws InputError on
/// a deadlock.
Cycles cycles_of(TimedSource& commands, const ArrayConfig& config, std::size_t nodes,
                 Observer* observer = nullptr);

/// For tests of the hand-over: the first half fast, the second clocked.
std::unique_ptr<Device> make_hand_over_engine(ClockedUnit unit, const ArrayConfig& config,
                                              const Progress& progress = {});

}  // namespace systol
