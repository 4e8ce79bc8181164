#include "sim/command_time.h"

#include "sim/fast/event_walk.h"

namespace systol {

Cycles time_of(TimedSource& commands, const ArrayConfig& config, std::size_t nodes,
               Observer* observer) {
  const auto cycles_of = [&](auto walk) {
    walk.run(commands, {});
    return walk.cycles();
  };
  return observer == nullptr ? cycles_of(TimeWalk(config, nodes, nullptr))
                             : cycles_of(RetimedWalk(config, nodes, observer));
}

}  // namespace systol
