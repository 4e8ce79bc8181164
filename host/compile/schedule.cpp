#include "host/compile/schedule.h"

#include <algorithm>

namespace systol {
namespace {

std::size_t index_of(isa::Unit unit) { return static_cast<std::size_t>(unit); }

}  // namespace

CommandId Schedule::append(isa::Operation operation, const isa::Origin& origin,
                           const std::vector<std::optional<CommandId>>& after) {
  const isa::Unit unit = isa::unit_of(operation);
  std::vector<CommandId> earlier;
  for (const std::optional<CommandId>& id : after) {
    if (id) {
      earlier.push_back(*id);
    }
  }
  // Latest first: what it implies needs no token of its own.
  std::ranges::sort(earlier, std::greater<>());
  isa::UnitSet wait;
  for (const CommandId id : earlier) {
    order_after(unit, wait, id);
  }
  ++clocks_[index_of(unit)][index_of(unit)];
  places_.push_back({unit, clocks_[index_of(unit)]});
  commands_.push_back({std::move(operation), wait, {}, origin});
  return commands_.size() - 1;
}

void Schedule::order_after(isa::Unit unit, isa::UnitSet& wait, CommandId earlier) {
  const Place& place = places_[earlier];
  Clock& clock = clocks_[index_of(unit)];
  const std::size_t source = index_of(place.unit);
  if (place.unit == unit || clock[source] >= place.before[source]) {
    return;
  }
  commands_[earlier].signal.add(unit);
  wait.add(place.unit);
  for (std::size_t i = 0; i < clock.size(); ++i) {
    clock[i] = std::max(clock[i], place.before[i]);
  }
}

}  // namespace systol
