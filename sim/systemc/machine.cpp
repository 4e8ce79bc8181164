#include "sim/systemc/machine.h"

namespace systol {

isa::UnitSet Tokens::missing(isa::Unit unit, isa::UnitSet from) const {
  isa::UnitSet missing;
  from.for_each([&](isa::Unit source) {
    if (counts_[static_cast<std::size_t>(source)][static_cast<std::size_t>(unit)] == 0) {
      missing.add(source);
    }
  });
  return missing;
}

void Tokens::take(isa::Unit unit, isa::UnitSet from) {
  from.for_each([&](isa::Unit source) { --count(source, unit); });
}

void Tokens::give(isa::Unit from, isa::UnitSet to) {
  to.for_each([&](isa::Unit target) { ++count(from, target); });
}

void Machine::restore(const Snapshot& snapshot) {
  buffer = snapshot.buffer;
  tokens.restore(snapshot);
  for (const Snapshot::Tile& tile : snapshot.tiles) {
    fifo.tiles.push_back({tile.ready, tile.values, 0, tile.rows, tile.columns});
  }
}

}  // namespace systol
