#include "host/report/command_activity.h"

#include <variant>

#include "sim/command_actions.h"

namespace systol {

Activity actions_of(const Transport& transport, const ArrayConfig& config) {
  const isa::Space space = config.memories[transport.memory].holds.front();
  const bool writes = transport.unit == isa::Unit::Store;
  Activity activity;
  activity[writes ? memory_write(space) : memory_read(space)] = transport.bytes.count();
  activity[writes                                 ? Action::BufferReadBytes
           : transport.unit == isa::Unit::Weights ? Action::FifoWriteBytes
                                                  : Action::BufferWriteBytes] =
      transport.bytes.count();
  return activity;
}

Activity actions_of(const isa::Operation& operation, const ArrayConfig& config) {
  Activity activity;
  if (std::holds_alternative<isa::Load>(operation) ||
      std::holds_alternative<isa::Store>(operation)) {
    return activity;
  }
  count_actions(operation, config, activity);
  if (const auto* load = std::get_if<isa::LoadWeights>(&operation)) {
    activity[memory_read(load->space)] = 0;
    activity[Action::FifoWriteBytes] = 0;
  }
  return activity;
}

}  // namespace systol
