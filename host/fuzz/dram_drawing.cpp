#include "host/fuzz/dram_drawing.h"

#include <algorithm>
#include <utility>

#include "host/fuzz/draw.h"
#include "sim/config/dram_types.h"

namespace systol {
namespace {

constexpr std::uint64_t kLeastCapacity = std::uint64_t{1}
                                         << 24;  ///< of what programs are drawn for

/// One of 1, 2, ... 2^bits.
std::uint32_t draw_power(SplitMix64& random, std::uint32_t bits) {
  return 1U << draw(random, 0, bits);
}

void draw_shape(SplitMix64& random, DramConfig& dram) {
  dram.channels = draw(random, 1, 3);
  dram.groups = draw_power(random, 2);
  dram.banks = draw(random, 1, 5);
  dram.width_bits = 8 * draw_power(random, 3);
  dram.burst_length = 2 * draw_power(random, 3);
  dram.row = Bytes(dram.burst().count() * draw(random, 1, 40) * 32);
  const std::uint64_t layer = dram.row.count() * dram.channels * dram.groups * dram.banks;
  dram.capacity = Bytes(layer * (kLeastCapacity / layer + draw(random, 1, 20'000)));
}

void draw_mapping(SplitMix64& random, DramConfig& dram) {
  for (std::size_t i = kDramFields; i > 1; --i) {
    std::swap(dram.mapping[i - 1],
              dram.mapping[draw(random, 0, static_cast<std::uint32_t>(i - 1))]);
  }
}

/// At most doubled, at least one picosecond; what the file's reader wants stays true.
void draw_times(SplitMix64& random, DramConfig& dram) {
  for (Picoseconds& time : dram.times) {
    time = Picoseconds(draw(random, 1, static_cast<std::uint32_t>(2 * time.count())));
  }
  const auto at_least = [&](DramTime longer, DramTime shorter) {
    dram[longer] = std::max(dram[longer], dram[shorter]);
  };
  const std::uint64_t burst_ps =
      (dram.burst_length / 2 * std::uint64_t{1'000'000'000'000} + dram.clock.count() - 1) /
      dram.clock.count();
  dram[DramTime::CCDShort] = std::max(dram[DramTime::CCDShort], Picoseconds(burst_ps));
  at_least(DramTime::RAS, DramTime::RCD);
  at_least(DramTime::CL, DramTime::CWL);
  at_least(DramTime::CCDLong, DramTime::CCDShort);
  at_least(DramTime::RRDLong, DramTime::RRDShort);
  at_least(DramTime::WTRLong, DramTime::WTRShort);
  at_least(DramTime::FAW, DramTime::RRDShort);
  const Picoseconds busy = dram[DramTime::RFC] + dram[DramTime::RP] + dram[DramTime::RAS];
  const Picoseconds rounding(4 * (std::uint64_t{1'000'000'000'000} / dram.clock.count() + 1));
  dram[DramTime::REFI] = std::max(dram[DramTime::REFI], busy + busy + rounding);
}

}  // namespace

DramConfig draw_dram(SplitMix64& random) {
  DramConfig dram = typical_dram(static_cast<DramType>(draw(random, 0, 3)));
  dram.scheduling = static_cast<DramScheduling>(draw(random, 0, 1));
  dram.queue = draw_power(random, 6);
  dram.refresh = static_cast<DramRefresh>(draw(random, 0, 1));
  draw_mapping(random, dram);
  if (draw(random, 0, 1) == 0) {
    draw_shape(random, dram);
  }
  if (draw(random, 0, 1) == 0) {
    dram.clock = Hertz(draw(random, 100, 2000) * std::uint64_t{1'000'000} + draw(random, 0, 999));
    draw_times(random, dram);
  }
  return dram;
}

}  // namespace systol
