#include "host/explain/prediction.h"

#include "host/report/bound.h"
#include "host/session/engine.h"

namespace systol {

Waits sum_of(std::span<const Waits> waits) {
  Waits sum{};
  for (const Waits& node : waits) {
    for (std::size_t i = 0; i < node.size(); ++i) {
      sum[i] += node[i];
    }
  }
  return sum;
}

NodeReport sum_of(const RunResult& result, std::span<const Waits> waits) {
  NodeReport sum;
  sum.ledger = result.ledger();
  sum.activity = result.activity();
  sum.waits = sum_of(waits);
  return sum;
}

RunResult walk(CommandSource& commands, std::span<const std::string> nodes,
               const ArrayConfig& array, Observer& observer) {
  FastEngine engine;
  engine.values = false;
  MemoryImage memory;
  return make_engine(engine, array)->run(commands, nodes, memory, &observer);
}

double seconds_of(Cycles cycles, const ArrayConfig& array) {
  return static_cast<double>(cycles.count()) / static_cast<double>(array.clock.count());
}

ProgramTime time_of(const RunResult& result, const ArrayConfig& array,
                    std::span<const Waits> waits) {
  return {result.cycles, seconds_of(result.cycles, array), bound_of(sum_of(result, waits))};
}

}  // namespace systol
