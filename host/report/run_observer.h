// What sees a run as it happens, or several that follow each other.
#pragma once

#include <span>
#include <string>

#include "sim/device.h"

namespace systol {

class RunObserver : public Observer {
 public:
  /// What comes from here on belongs to another run, of these nodes; its cycle 0 is the end of the
  /// runs before it.
  virtual void begin_run(std::span<const std::string> nodes) = 0;
};

}  // namespace systol
