#include "sim/systemc/machine.h"

#include <algorithm>

namespace systol {
std::vector<std::uint32_t> WeightTile::nonzero_per_row(const ArrayConfig& config,
                                                       std::uint32_t columns) const {
  std::vector<std::uint32_t> counts(config.rows);
  for (std::size_t row = 0; row < counts.size(); ++row) {
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(row * config.columns);
    const auto zeros = std::count(first, first + columns, std::int8_t{0});
    counts[row] = columns - static_cast<std::uint32_t>(zeros);
  }
  return counts;
}

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
    fifo.tiles.push_back({tile.ready, tile.values});
  }
}

}  // namespace systol
