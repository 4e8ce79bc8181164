// What lies in the unified buffer while samples go through the network, and which commands used it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "host/compile/plan.h"
#include "host/compile/schedule.h"

namespace systol {

/// Values of a tensor, of all samples in the buffer one after another: [first, end).
struct ValueSpan {
  std::uint64_t first = 0;
  std::uint64_t end = UINT64_MAX;
  bool meets(const ValueSpan& other) const { return first < other.end && other.first < end; }
  bool operator==(const ValueSpan&) const = default;
};

using Commands = std::vector<std::optional<CommandId>>;

/// Items are the plan's tensors, then its areas, then its states as they lie in memory. A tensor
/// that is in memory has no address here; its readers and writers are loads and stores.
class Residence {
 public:
  explicit Residence(const Plan& plan);

  std::uint64_t address(std::size_t item) const { return items_[item].address; }

  /// The item holds nothing of this round yet.
  void begin(std::size_t item) { items_[item].writes.clear(); }
  /// What a command must follow that reads these values, or that writes anything of the item.
  Commands writers(std::size_t item, ValueSpan values = {}) const;
  Commands users(std::size_t item) const;
  void read(std::size_t item, CommandId id) { items_[item].use.note(id.unit, id); }
  void wrote(std::size_t item, CommandId id, ValueSpan values = {});

 private:
  struct Write {
    ValueSpan values;
    CommandId id;
  };
  struct Item {
    std::uint64_t address = 0;
    std::uint64_t end = 0;
    std::vector<std::size_t> shares;  ///< items in the same bytes, itself among them
    LastUse use;
    std::vector<Write> writes;  ///< the last of each unit and span
  };
  std::vector<Item> items_;
};

}  // namespace systol
