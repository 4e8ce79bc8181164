// What the array's registers hold, cycle by cycle, for those who want to see it.
#pragma once

#include <string_view>

#include "sim/base/units.h"
#include "sim/unit/matrix_unit.h"

namespace systol {

class RegisterRecorder {
 public:
  virtual ~RegisterRecorder() = default;
  /// Whether this cycle is to be seen.
  virtual bool wants(Cycles cycle) const = 0;
  /// During this cycle: the registers as the clock edge at its start left them, and the name of the
  /// cycle's class.
  virtual void record(Cycles cycle, const MatrixUnit& unit, std::string_view ledger) = 0;
};

}  // namespace systol
