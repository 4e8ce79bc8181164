#include "sim/fast/fast_snapshot.h"

#include "sim/fast/data_path.h"
#include "sim/fast/event_walk.h"

namespace systol {

Snapshot fast_snapshot(const ArrayConfig& config, CommandSource& commands, std::size_t nodes,
                       MemoryImage memory, Cycles cycle, Observer* observer) {
  Snapshot snapshot;
  snapshot.cycle = cycle;
  std::vector<NodeResult> results(nodes);
  OnChip chip(config);
  DataPath data(config, chip, memory, results, observer);
  EventWalk walk(config, nodes, nullptr);
  walk.run_until(cycle, commands, [&](const Started& started) {
    data.apply(started.index, started.command);
    const isa::Unit unit = isa::unit_of(started.command);
    if (started.end >= cycle) {
      snapshot.running[static_cast<std::size_t>(unit)].push_back(
          {started.index, started.command, started.start, started.end});
    }
    if (unit == isa::Unit::Matrix) {
      snapshot.node = started.command.origin.node;
    }
    if (observer != nullptr) {
      observer->completed(started.index, started.command, started.start, started.end);
    }
  });
  data.save(snapshot);
  walk.save(snapshot);
  snapshot.memory = std::move(memory);
  return snapshot;
}

}  // namespace systol
