#include "host/compile/residence.h"

#include <algorithm>

namespace systol {

Residence::Residence(const Plan& plan) {
  const std::uint64_t base = reserved_bytes(plan.config);
  const auto add = [&](std::uint64_t offset, std::uint64_t bytes) {
    items_.push_back({base + offset, base + offset + bytes, {}, {}, {}});
  };
  std::uint64_t outside = std::uint64_t{1} << 62;  // a place of its own for each in memory
  for (const Place& place : plan.places) {
    add(place.buffer ? *place.buffer : ++outside,
        place.buffer ? place.layout.bytes() * plan.resident_rows : 1);
  }
  for (const BufferArea& area : plan.areas) {
    add(area.buffer, area.lifetime.bytes(plan.resident_rows));
  }
  for (std::size_t i = 0; i < plan.states.size(); ++i) {
    add(++outside, 1);
  }
  for (Item& item : items_) {
    for (std::size_t other = 0; other < items_.size(); ++other) {
      if (item.address < items_[other].end && items_[other].address < item.end) {
        item.shares.push_back(other);
      }
    }
  }
}

Commands Residence::writers(std::size_t item, ValueSpan values) const {
  LastUse last;
  for (const Write& write : items_[item].writes) {
    if (write.values.meets(values)) {
      LastUse one;
      one.note(write.id.unit, write.id);
      last.note(one);
    }
  }
  return last.all();
}

Commands Residence::users(std::size_t item) const {
  LastUse last;
  for (const std::size_t other : items_[item].shares) {
    last.note(items_[other].use);
  }
  return last.all();
}

void Residence::wrote(std::size_t item, CommandId id, ValueSpan values) {
  std::vector<Write>& writes = items_[item].writes;
  items_[item].use.note(id.unit, id);
  const auto same = std::ranges::find_if(writes, [&](const Write& write) {
    return write.values == values && write.id.unit == id.unit;
  });
  if (same == writes.end()) {
    writes.push_back({values, id});
  } else {
    same->id = id;
  }
}

}  // namespace systol
