// After a run that is wrong, or in which a fault was injected: what the array says about itself.
#pragma once

#include <string>
#include <vector>

#include "host/run/output_check.h"
#include "sim/config/array_config.h"
#include "sim/device.h"

namespace systol {

/// Runs the self-test on `device`, which has the run's faults, and puts what it tells into `notes`.
/// A fault that was injected is found by this even if it changed no output: `check` then fails
/// with a sentence that says so.
void diagnose(Device& device, const ArrayConfig& config, bool fault_injected, CheckReport& check,
              std::vector<std::string>& notes);

}  // namespace systol
