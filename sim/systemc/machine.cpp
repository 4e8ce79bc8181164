#include "sim/systemc/machine.h"

namespace systol {
namespace {

template <class Do>
void for_each_unit(isa::UnitSet set, Do action) {
  for (int i = 0; i < isa::kUnits; ++i) {
    const auto unit = static_cast<isa::Unit>(i);
    if (set.has(unit)) {
      action(unit);
    }
  }
}

}  // namespace

isa::UnitSet Tokens::missing(isa::Unit unit, isa::UnitSet from) const {
  isa::UnitSet missing;
  for_each_unit(from, [&](isa::Unit source) {
    if (counts_[static_cast<std::size_t>(source)][static_cast<std::size_t>(unit)] == 0) {
      missing.add(source);
    }
  });
  return missing;
}

void Tokens::take(isa::Unit unit, isa::UnitSet from) {
  for_each_unit(from, [&](isa::Unit source) { --count(source, unit); });
}

void Tokens::give(isa::Unit from, isa::UnitSet to) {
  for_each_unit(to, [&](isa::Unit target) { ++count(from, target); });
}

}  // namespace systol
