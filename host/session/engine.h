// The engines; the only place that knows them all.
#pragma once

#include <memory>
#include <string_view>

#include "host/session/engine_spec.h"
#include "host/session/progress.h"
#include "sim/config/array_config.h"
#include "sim/device.h"

namespace systol {

/// The RTL of a size that is not there yet is built first. `config` must outlive the device. Throws
/// InputError for a PE or a wave scope that the array does not have.
std::unique_ptr<Device> make_engine(const EngineSpec& engine, const ArrayConfig& config,
                                    const Progress& progress = {});

/// For tests of the hand-over: the first half fast, the second clocked.
std::unique_ptr<Device> make_hand_over_engine(ClockedUnit unit, const ArrayConfig& config,
                                              const Progress& progress = {});

}  // namespace systol
