// How long a memory takes: the one class that every engine asks, so that they cannot drift apart.
#pragma once

#include <cstdint>
#include <utility>

#include "sim/base/units.h"
#include "sim/config/array_config.h"

namespace systol {

/// One channel that serves requests in the order in which they come (docs/adr/0004). A request
/// occupies the channel for bytes / bandwidth, without rounding between requests, and is complete
/// one latency after its last byte left, rounded up to a whole cycle. Reads and writes cost alike.
class MemoryTiming {
 public:
  MemoryTiming(const MemoryConfig& config, Hertz clock);

  /// Enters a request of `size` at `now` (never before an earlier request's) and returns the
  /// cycle from which its data can be used; at least one cycle after `now`.
  Cycles request(Cycles now, Bytes size);

  /// When the channel moves the bytes of the last request, in cycles; the same twice where it is
  /// unlimited.
  std::pair<double, double> busy() const;

 private:
  double free_time() const;

  // A byte takes numerator / denominator cycles, in lowest terms; numerator 0 is unlimited.
  std::uint64_t numerator_ = 0;
  std::uint64_t denominator_ = 1;
  Cycles latency_;
  // When the channel is free: whole cycles and a fraction in denominators.
  std::uint64_t free_cycle_ = 0;
  std::uint64_t free_fraction_ = 0;
  double busy_from_ = 0;  ///< for people: exact as far as a double is
};

}  // namespace systol
