// The unified buffer and the accumulators of the fast engine.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "hw/isa/accesses.h"
#include "sim/base/zeroed_array.h"
#include "sim/config/array_config.h"

namespace systol {

/// Zeros when a run begins. It outlives the run: to clear what one has written costs less than
/// memory that is new to the system and to the caches.
class OnChip {
 public:
  explicit OnChip(const ArrayConfig& config)
      : buffer(config.unified_buffer.count()),
        accumulators((std::size_t{config.accumulator_rows} + config.rows) * config.columns),
        columns_(config.columns) {}

  ZeroedArray<std::int8_t> buffer;
  ZeroedArray<std::int32_t> accumulators;  ///< and after them the PEs' sums in place

  /// To be told of every access before it happens.
  void note(const isa::Access& access) {
    if (access.write) {
      std::uint64_t& end = ends_[static_cast<std::size_t>(access.region)];
      end = std::max(end, access.end());
    }
  }
  void clear() {
    std::memset(buffer.data(), 0, ends_[static_cast<std::size_t>(isa::Region::Buffer)]);
    std::memset(accumulators.data(), 0,
                ends_[static_cast<std::size_t>(isa::Region::Accumulators)] * columns_ *
                    sizeof(std::int32_t));
    ends_ = {};
  }

 private:
  std::size_t columns_;
  std::array<std::uint64_t, isa::kRegions> ends_{};  ///< of what was written
};

}  // namespace systol
