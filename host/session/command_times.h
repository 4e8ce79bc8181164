// When the commands of a run ran.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "host/report/report.h"
#include "hw/isa/text.h"
#include "sim/device.h"

namespace systol {

/// Keeps when each command ran.
class CommandTimes : public Observer {
 public:
  void completed(std::uint64_t index, const isa::Command& command, Cycles start,
                 Cycles end) override {
    times_.resize(std::max(times_.size(), static_cast<std::size_t>(index) + 1));
    times_[index] = {isa::to_text(command), command.origin.node,
                     isa::name_of(isa::unit_of(command)), start, end};
  }
  std::vector<CommandTime> take() { return std::move(times_); }

 private:
  std::vector<CommandTime> times_;
};

}  // namespace systol
