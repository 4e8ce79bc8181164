#include "sim/memory/memory_timing.h"

#include <algorithm>
#include <numeric>

namespace systol {
namespace {

__extension__ using Wide = unsigned __int128;  // products of two 64-bit numbers

Cycles cycles_of(Picoseconds duration, Hertz clock) {
  const Wide product = Wide{duration.count()} * clock.count();
  return Cycles(
      static_cast<std::uint64_t>((product + kPicosecondsPerSecond - 1) / kPicosecondsPerSecond));
}

/// Rounded up.
std::uint64_t quotient(Wide product, std::uint64_t divisor) {
  return static_cast<std::uint64_t>((product + divisor - 1) / divisor);
}

}  // namespace

MemoryTiming::MemoryTiming(const MemoryConfig& config, Hertz clock)
    : latency_(cycles_of(config.latency, clock)) {
  if (config.bandwidth) {
    const std::uint64_t common = std::gcd(clock.count(), config.bandwidth->count());
    numerator_ = clock.count() / common;
    denominator_ = config.bandwidth->count() / common;
  }
  if (config.dram) {
    dram_.emplace(*config.dram);
    const std::uint64_t common = std::gcd(clock.count(), config.dram->clock.count());
    clocks_ = config.dram->clock.count() / common;
    cycles_ = clock.count() / common;
    // Each space that the memory holds begins at its share of the capacity, in whole bursts.
    for (std::size_t i = 0; i < config.holds.size(); ++i) {
      bases_[static_cast<std::size_t>(config.holds[i])] = i * config.space_capacity()->count();
    }
  }
}

double MemoryTiming::time_of(std::uint64_t cycle, std::uint64_t fraction) const {
  return static_cast<double>(cycle) +
         static_cast<double>(fraction) / static_cast<double>(denominator_);
}

std::pair<double, double> MemoryTiming::busy() const {
  return dram_ ? busy_
               : std::pair(time_of(from_cycle_, from_fraction_),
                           time_of(free_cycle_, free_fraction_));
}

/// Occupies the channel; returns the cycle in which the last byte has left.
Cycles MemoryTiming::channel_moved(Cycles now, Bytes size) {
  if (free_cycle_ < now.count()) {
    free_cycle_ = now.count();
    free_fraction_ = 0;
  }
  from_cycle_ = free_cycle_;
  from_fraction_ = free_fraction_;
  std::uint64_t occupied = 0;
  if (!__builtin_mul_overflow(size.count(), numerator_, &occupied) &&
      !__builtin_add_overflow(occupied, free_fraction_, &occupied)) {
    free_cycle_ += occupied / denominator_;
    free_fraction_ = occupied % denominator_;
  } else {
    const Wide wide = Wide{size.count()} * numerator_ + free_fraction_;
    free_cycle_ += static_cast<std::uint64_t>(wide / denominator_);
    free_fraction_ = static_cast<std::uint64_t>(wide % denominator_);
  }
  return Cycles(free_cycle_ + (free_fraction_ != 0 ? 1 : 0));
}

Cycles MemoryTiming::usable(Cycles now, Cycles moved) {
  moved_ = moved;
  return std::max(moved + latency_, now + Cycles(1));
}

Cycles MemoryTiming::request(Cycles now, Bytes size) {
  return usable(now, channel_moved(now, size));
}

/// The first clock that is not before the cycle.
std::uint64_t MemoryTiming::clock_of(Cycles cycle) const {
  return quotient(Wide{cycle.count()} * clocks_, cycles_);
}

Cycles MemoryTiming::request(Cycles now, const MemoryRequest& request, DramCounts& counts) {
  Bytes size;
  for (const MemoryPiece& piece : request.pieces) {
    size += Bytes(piece.bytes);
  }
  if (!dram_) {
    return this->request(now, size);
  }
  const std::uint64_t base = bases_[static_cast<std::size_t>(request.space)];
  const DramData data = dram_->request(clock_of(now), base, request, counts);
  const Cycles moved(quotient(Wide{data.to} * cycles_, clocks_));
  const auto cycles = [&](std::uint64_t clock) {
    return static_cast<double>(clock) * static_cast<double>(cycles_) / static_cast<double>(clocks_);
  };
  busy_ = {std::max(busy_.second, cycles(data.from)), std::max(busy_.second, cycles(data.to))};
  return usable(now, std::max(moved, channel_moved(now, size)));
}

std::uint64_t MemoryTiming::refreshes_due(Cycles end) const {
  return dram_ ? dram_->refreshes_due(clock_of(end)) : 0;
}

}  // namespace systol
