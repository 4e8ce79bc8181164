// The engine without a clock.
#pragma once

#include <memory>

#include "sim/config/array_config.h"
#include "sim/device.h"

namespace systol {

struct FastOptions {
  bool data = true;  ///< without data only time and traffic are simulated; outputs stay zero
};

std::unique_ptr<Device> make_fast_device(const ArrayConfig& config, FastOptions options);

}  // namespace systol
