// Where a burst of a memory's bytes lies in a DRAM, by the order of fields of `mapping`.
#pragma once

#include <array>
#include <cstdint>

#include "sim/config/dram_config.h"

namespace systol {

/// Walks the bursts of a DRAM one after another; after the last comes the first.
class DramAddress {
 public:
  explicit DramAddress(const DramConfig& dram)
      : sizes_{dram.channels, dram.groups, dram.banks, dram.rows(),
               dram.row.count() / dram.burst().count()} {
    for (std::size_t i = 0; i < kDramFields; ++i) {
      order_[i] = static_cast<std::size_t>(dram.mapping[kDramFields - 1 - i]);
      bursts_ *= sizes_[i];
    }
  }

  /// Goes to a burst, counted from the memory's first; counts beyond the last begin again.
  void go_to(std::uint64_t burst) {
    burst %= bursts_;
    for (const std::size_t field : order_) {
      values_[field] = burst % sizes_[field];
      burst /= sizes_[field];
    }
  }
  void next() {
    for (const std::size_t field : order_) {
      if (++values_[field] != sizes_[field]) {
        return;
      }
      values_[field] = 0;
    }
  }

  std::uint64_t operator[](DramField field) const {
    return values_[static_cast<std::size_t>(field)];
  }

 private:
  using Fields = std::array<std::uint64_t, kDramFields>;

  Fields sizes_;
  Fields values_{};
  std::array<std::size_t, kDramFields> order_{};  ///< least significant first
  std::uint64_t bursts_ = 1;
};

}  // namespace systol
