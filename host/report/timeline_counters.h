// What a timeline shows as curves.
#pragma once

#include <string>
#include <vector>

#include "host/account/energy_table.h"
#include "host/report/timeline_record.h"
#include "sim/config/array_config.h"

namespace systol {

/// A value from each point of time to the next.
struct TimelineCounter {
  std::string name;
  std::string unit;
  std::vector<std::pair<Cycles, double>> points;
};

/// Power, each memory's traffic, the buffer and the FIFO in the record's window.
std::vector<TimelineCounter> timeline_counters(const TimelineRecord& record,
                                               const ArrayConfig& config, const EnergyTable& table);

}  // namespace systol
