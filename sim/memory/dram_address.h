// Where a burst of a memory's bytes lies in a DRAM, by the order of fields of `mapping`.
#pragma once

#include <algorithm>
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

  /// Bursts of a stripe: one of each channel and bank group.
  std::uint64_t stripe() const { return size(DramField::Channel) * size(DramField::Group); }
  /// How many whole stripes of the row begin here, of the next `bursts` bursts: none where the
  /// mapping has none, or not here, or where they are a single burst, which is no stream.
  std::uint64_t stripes(std::uint64_t bursts) const {
    constexpr std::array kLowest = {DramField::Channel, DramField::Group, DramField::Column};
    for (std::size_t i = 0; i < kLowest.size(); ++i) {
      if (order_[i] != static_cast<std::size_t>(kLowest[i])) {
        return 0;
      }
    }
    if ((*this)[DramField::Channel] != 0 || (*this)[DramField::Group] != 0) {
      return 0;
    }
    const std::uint64_t left =
        std::min(bursts / stripe(), size(DramField::Column) - (*this)[DramField::Column]);
    return left * stripe() < 2 ? 0 : left;
  }

  std::uint64_t operator[](DramField field) const {
    return values_[static_cast<std::size_t>(field)];
  }

 private:
  std::uint64_t size(DramField field) const { return sizes_[static_cast<std::size_t>(field)]; }

  using Fields = std::array<std::uint64_t, kDramFields>;

  Fields sizes_;
  Fields values_{};
  std::array<std::size_t, kDramFields> order_{};  ///< least significant first
  std::uint64_t bursts_ = 1;
};

}  // namespace systol
