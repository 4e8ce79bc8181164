// A timeline's record as text.
#pragma once

#include <string>

#include "host/account/energy_table.h"
#include "host/report/timeline_record.h"
#include "sim/config/array_config.h"

namespace systol {

/// The trace events of a record whose commands are in the order of the program.
std::string timeline_trace(const TimelineRecord& record, const ArrayConfig& config,
                           const EnergyTable& table);

}  // namespace systol
