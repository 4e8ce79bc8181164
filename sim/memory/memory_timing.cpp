#include "sim/memory/memory_timing.h"

#include <algorithm>
#include <numeric>

namespace systol {
namespace {

__extension__ using Wide = unsigned __int128;  // products of two 64-bit numbers

constexpr std::uint64_t kPicosecondsPerSecond = 1'000'000'000'000;

Cycles cycles_of(Picoseconds duration, Hertz clock) {
  const Wide product = Wide{duration.count()} * clock.count();
  return Cycles(
      static_cast<std::uint64_t>((product + kPicosecondsPerSecond - 1) / kPicosecondsPerSecond));
}

}  // namespace

MemoryTiming::MemoryTiming(const MemoryConfig& config, Hertz clock)
    : latency_(cycles_of(config.latency, clock)) {
  if (config.bandwidth) {
    const std::uint64_t common = std::gcd(clock.count(), config.bandwidth->count());
    numerator_ = clock.count() / common;
    denominator_ = config.bandwidth->count() / common;
  }
}

double MemoryTiming::free_time() const {
  return static_cast<double>(free_cycle_) +
         static_cast<double>(free_fraction_) / static_cast<double>(denominator_);
}

std::pair<double, double> MemoryTiming::busy() const { return {busy_from_, free_time()}; }

Cycles MemoryTiming::request(Cycles now, Bytes size) {
  if (free_cycle_ < now.count()) {
    free_cycle_ = now.count();
    free_fraction_ = 0;
  }
  busy_from_ = free_time();
  const Wide occupied = Wide{size.count()} * numerator_ + free_fraction_;
  free_cycle_ += static_cast<std::uint64_t>(occupied / denominator_);
  free_fraction_ = static_cast<std::uint64_t>(occupied % denominator_);
  const std::uint64_t last_byte = free_cycle_ + (free_fraction_ != 0 ? 1 : 0);
  return std::max(Cycles(last_byte) + latency_, now + Cycles(1));
}

}  // namespace systol
