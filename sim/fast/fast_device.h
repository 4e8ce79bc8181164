// The engine without a clock.
#pragma once

#include <memory>

#include "sim/config/array_config.h"
#include "sim/device.h"

namespace systol {

struct FastOptions {
  bool data = true;           ///< without: only time and traffic; outputs stay zero
  bool check_program = true;  ///< without: for programs that are known to be free of hazards
  bool switching = true;      ///< counts which bits of operands change; with data only
  unsigned threads = 1;       ///< for multiplications that are worth it
};

std::unique_ptr<Device> make_fast_device(const ArrayConfig& config, FastOptions options);

}  // namespace systol
