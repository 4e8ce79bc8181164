// How long a memory takes: the one class that every engine asks, so that they cannot drift apart.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "hw/isa/command.h"
#include "sim/base/units.h"
#include "sim/config/array_config.h"
#include "sim/memory/dram.h"

namespace systol {

/// One channel that serves requests in the order in which they come (docs/adr/0004). A request
/// occupies the channel for bytes / bandwidth, without rounding between requests, and is complete
/// one latency after its last byte left, rounded up to a whole cycle. Reads and writes cost alike.
/// Where there is a DRAM behind the channel, the last byte leaves when both have moved it.
class MemoryTiming {
 public:
  MemoryTiming(const MemoryConfig& config, Hertz clock);

  /// Whether it matters where bytes lie: then requests are to be made with their pieces.
  bool has_banks() const { return dram_.has_value(); }

  /// Enters a request of `size` at `now` (never before an earlier request's) and returns the
  /// cycle from which its data can be used; at least one cycle after `now`. Of a channel alone.
  Cycles request(Cycles now, Bytes size);
  /// The same of any memory, with what happens in its banks added to `counts`.
  Cycles request(Cycles now, const MemoryRequest& request, DramCounts& counts);

  /// When the bytes of the last request moved, in cycles; the same twice where nothing limits it.
  /// With a DRAM from where those of the requests before it end.
  std::pair<double, double> busy() const;
  /// When the last byte of the last request had left, rounded up; the latency comes after it.
  Cycles moved() const { return moved_; }

  /// Refreshes up to `end`, the end of the run, that no request has met.
  std::uint64_t refreshes_due(Cycles end) const;

 private:
  double time_of(std::uint64_t cycle, std::uint64_t fraction) const;
  Cycles channel_moved(Cycles now, Bytes size);
  Cycles usable(Cycles now, Cycles moved);
  std::uint64_t clock_of(Cycles cycle) const;

  // A byte takes numerator / denominator cycles, in lowest terms; numerator 0 is unlimited.
  std::uint64_t numerator_ = 0;
  std::uint64_t denominator_ = 1;
  Cycles latency_;
  // When the channel is free: whole cycles and a fraction in denominators.
  std::uint64_t free_cycle_ = 0;
  std::uint64_t free_fraction_ = 0;
  // When the last request began to occupy it, likewise.
  std::uint64_t from_cycle_ = 0;
  std::uint64_t from_fraction_ = 0;
  Cycles moved_;
  std::pair<double, double> busy_;  ///< with a DRAM; for people: exact as far as a double is

  std::optional<Dram> dram_;
  // A cycle takes clocks_ / cycles_ clocks of the DRAM, in lowest terms.
  std::uint64_t clocks_ = 1;
  std::uint64_t cycles_ = 1;
  std::array<std::uint64_t, isa::kSpaces> bases_{};  ///< where in the DRAM a space begins
};

}  // namespace systol
