#include "host/explain/prediction.h"

#include "host/report/bound.h"
#include "host/session/engine.h"

namespace systol {

NodeReport sum_of(const RunResult& result, std::span<const Waits> waits) {
  NodeReport sum;
  sum.ledger = result.ledger();
  sum.activity = result.activity();
  for (const Waits& node : waits) {
    for (std::size_t i = 0; i < node.size(); ++i) {
      sum.waits[i] += node[i];
    }
  }
  return sum;
}

RunResult walk(CommandSource& commands, std::span<const std::string> nodes,
               const ArrayConfig& array, Observer& observer) {
  FastEngine engine;
  engine.values = false;
  MemoryImage memory;
  return make_engine(engine, array)->run(commands, nodes, memory, &observer);
}

ProgramTime time_with(CommandSource& commands, std::span<const std::string> nodes,
                      const ArrayConfig& array, const Change& change) {
  const ArrayConfig changed = with_change(array, change);
  WaitTally tally(nodes.size());
  const RunResult result = walk(commands, nodes, changed, tally);
  return time_of(result, changed, tally.nodes());
}

ProgramTime time_of(const RunResult& result, const ArrayConfig& array,
                    std::span<const Waits> waits) {
  return {result.cycles,
          static_cast<double>(result.cycles.count()) / static_cast<double>(array.clock.count()),
          bound_of(sum_of(result, waits))};
}

}  // namespace systol
