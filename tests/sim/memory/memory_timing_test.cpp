#include "sim/memory/memory_timing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace systol {
namespace {

constexpr Hertz kGigahertz(1'000'000'000);
constexpr BytesPerSecond kOneBytePerCycle(1'000'000'000);  // at kGigahertz

MemoryConfig memory(std::optional<BytesPerSecond> bandwidth, std::uint64_t picoseconds) {
  MemoryConfig config;
  config.name = "dram";
  config.bandwidth = bandwidth;
  config.latency = Picoseconds(picoseconds);
  return config;
}

MemoryTiming timing(std::uint64_t bytes_per_second, std::uint64_t latency_ps = 0,
                    Hertz clock = kGigahertz) {
  return {memory(BytesPerSecond(bytes_per_second), latency_ps), clock};
}

/// The cycle in which a request's data can be used.
std::uint64_t ask(MemoryTiming& timing, std::uint64_t now, std::uint64_t bytes) {
  return timing.request(Cycles(now), Bytes(bytes)).count();
}

TEST(MemoryTiming, TakesTheTransferThenTheLatency) {
  // 8 GB/s at 500 MHz are 16 bytes a cycle; 80 ns are 40 cycles.
  MemoryTiming dram = timing(8'000'000'000, 80'000, Hertz(500'000'000));
  EXPECT_EQ(ask(dram, 0, 64), 4U + 40U);
}

TEST(MemoryTiming, LaterStartIsLaterEndByAsMuch) {
  for (const std::uint64_t start : {1U, 7U, 1'000'000U}) {
    MemoryTiming dram = timing(8'000'000'000, 80'000, Hertz(500'000'000));
    EXPECT_EQ(ask(dram, start, 64), start + 44);
  }
}

TEST(MemoryTiming, BackToBackRequestsShareTheChannelAndOverlapTheLatency) {
  MemoryTiming dram = timing(8'000'000'000, 80'000, Hertz(500'000'000));
  EXPECT_EQ(ask(dram, 0, 64), 44U);
  EXPECT_EQ(ask(dram, 0, 64), 48U);
  EXPECT_EQ(ask(dram, 3, 160), 58U);
  // The channel is free from cycle 18 on.
  EXPECT_EQ(ask(dram, 18, 16), 59U);
}

TEST(MemoryTiming, TheChannelIsBusyFromWhenItIsFreeToTheLastByte) {
  using Busy = std::pair<double, double>;
  MemoryTiming dram = timing(8'000'000'000, 80'000, Hertz(500'000'000));  // 16 bytes a cycle
  ask(dram, 0, 64);
  EXPECT_EQ(dram.busy(), (Busy{0, 4}));
  ask(dram, 1, 24);
  EXPECT_EQ(dram.busy(), (Busy{4, 5.5})) << "not from the request on";
  ask(dram, 3, 8);
  EXPECT_EQ(dram.busy(), (Busy{5.5, 6})) << "not rounded";
  ask(dram, 100, 16);
  EXPECT_EQ(dram.busy(), (Busy{100, 101}));
  MemoryTiming unlimited(memory(std::nullopt, 0), kGigahertz);
  ask(unlimited, 7, 1'000);
  EXPECT_EQ(unlimited.busy(), (Busy{7, 7}));
}

TEST(MemoryTiming, IdleChannelStartsAtTheRequest) {
  MemoryTiming dram = timing(8'000'000'000, 80'000, Hertz(500'000'000));
  EXPECT_EQ(ask(dram, 0, 64), 44U);
  EXPECT_EQ(ask(dram, 100, 64), 144U);
}

TEST(MemoryTiming, FractionsOfACycleAddUpBetweenRequests) {
  // Three bytes a cycle: the first three single bytes share cycle 0, the fourth is in cycle 1.
  MemoryTiming dram = timing(3'000'000'000);
  EXPECT_EQ(ask(dram, 0, 1), 1U);
  EXPECT_EQ(ask(dram, 0, 1), 1U);
  EXPECT_EQ(ask(dram, 0, 1), 1U);
  EXPECT_EQ(ask(dram, 0, 1), 2U);
  EXPECT_EQ(ask(dram, 0, 2), 2U);
  EXPECT_EQ(ask(dram, 0, 4), 4U);  // 10 bytes end at 3 1/3
}

TEST(MemoryTiming, AFractionIsKeptByARequestInTheSameCycleAndForgottenLater) {
  MemoryTiming kept = timing(3'000'000'000);
  EXPECT_EQ(ask(kept, 0, 4), 2U);  // ends at 1 1/3
  EXPECT_EQ(ask(kept, 1, 2), 2U);  // fills up cycle 1
  EXPECT_EQ(ask(kept, 2, 3), 3U);
  MemoryTiming forgotten = timing(3'000'000'000);
  EXPECT_EQ(ask(forgotten, 0, 4), 2U);
  EXPECT_EQ(ask(forgotten, 2, 3), 3U);  // starts at 2, not at 1 1/3
  EXPECT_EQ(ask(forgotten, 3, 3), 4U);
}

TEST(MemoryTiming, ARateThatDividesNothingIsStillExact) {
  // 34 GB/s at 700 MHz: 340 bytes take exactly 7 cycles, however they are cut.
  for (const std::uint64_t piece : {1U, 2U, 4U, 5U, 10U, 17U, 20U, 34U, 68U, 85U, 170U, 340U}) {
    MemoryTiming dram = timing(34'000'000'000, 0, Hertz(700'000'000));
    std::uint64_t end = 0;
    for (std::uint64_t sent = 0; sent < 340'000; sent += piece) {
      end = ask(dram, 0, piece);
    }
    EXPECT_EQ(end, 7'000U) << "pieces of " << piece;
    EXPECT_EQ(ask(dram, 0, 1), 7'001U) << "pieces of " << piece;
  }
}

TEST(MemoryTiming, RandomRequestsEndWhereExactFractionsSay) {
  // The channel's time as a fraction of its own, in units of 1 / bandwidth.
  std::mt19937_64 random(7);
  for (int round = 0; round < 50; ++round) {
    const std::uint64_t clock = 1'000 * (1 + random() % 999'983);
    const std::uint64_t bandwidth = 1'000 * (1 + random() % 9'999'991);
    MemoryTiming dram = timing(bandwidth, 0, Hertz(clock));
    __extension__ unsigned __int128 free = 0;
    std::uint64_t now = 0;
    for (int i = 0; i < 100; ++i) {
      now += random() % 4 == 0 ? random() % 50 : 0;
      const std::uint64_t bytes = 1 + random() % 500;
      __extension__ using Wide = unsigned __int128;
      free = std::max(free, Wide{now} * bandwidth) + Wide{bytes} * clock;
      const auto end = static_cast<std::uint64_t>((free + bandwidth - 1) / bandwidth);
      ASSERT_EQ(ask(dram, now, bytes), std::max(end, now + 1))
          << clock << " Hz, " << bandwidth << " B/s, request " << i;
    }
  }
}

TEST(MemoryTiming, LatencyIsRoundedUpToWholeCycles) {
  const auto latency_of = [](std::uint64_t picoseconds, Hertz clock) {
    MemoryTiming dram(memory(std::nullopt, picoseconds), clock);
    return ask(dram, 10, 1) - 10;
  };
  EXPECT_EQ(latency_of(999, kGigahertz), 1U);
  EXPECT_EQ(latency_of(1'000, kGigahertz), 1U);
  EXPECT_EQ(latency_of(1'001, kGigahertz), 2U);
  EXPECT_EQ(latency_of(80'000, Hertz(700'000'000)), 56U);
  EXPECT_EQ(latency_of(80'001, Hertz(700'000'000)), 57U);
  EXPECT_EQ(latency_of(1'000'000'000, Hertz(1'000)), 1U);  // 1 ms is one cycle
  EXPECT_EQ(latency_of(1'000'000'000, Hertz(10'000'000'000)), 10'000'000U);
}

TEST(MemoryTiming, LatencyIsCountedFromTheEndOfTheLastCycleOfTheTransfer) {
  MemoryTiming dram = timing(3'000'000'000, 5'000);
  EXPECT_EQ(ask(dram, 0, 1), 6U);
  EXPECT_EQ(ask(dram, 0, 3), 7U);  // ends at 1 1/3, so after cycle 2
}

TEST(MemoryTiming, UnlimitedBandwidthLeavesTheLatency) {
  MemoryTiming dram(memory(std::nullopt, 10'000), kGigahertz);
  EXPECT_EQ(ask(dram, 5, 1), 15U);
  EXPECT_EQ(ask(dram, 5, std::uint64_t{1} << 40), 15U);
  EXPECT_EQ(ask(dram, 6, 1), 16U);
}

TEST(MemoryTiming, DataCanBeUsedOneCycleLaterAtTheEarliest) {
  MemoryTiming unlimited(memory(std::nullopt, 0), kGigahertz);
  EXPECT_EQ(ask(unlimited, 0, 1'000'000), 1U);
  EXPECT_EQ(ask(unlimited, 0, 1'000'000), 1U);
  MemoryTiming wide = timing(100'000'000'000'000);
  EXPECT_EQ(ask(wide, 0, 1), 1U);
  MemoryTiming empty(memory(kOneBytePerCycle, 0), kGigahertz);
  EXPECT_EQ(ask(empty, 3, 0), 4U);
}

TEST(MemoryTiming, AStarvedMemoryTakesABillionCyclesPerByte) {
  MemoryTiming dram = timing(1, 2'000);
  EXPECT_EQ(ask(dram, 0, 1), 1'000'000'002U);
  EXPECT_EQ(ask(dram, 0, 3), 4'000'000'002U);
}

TEST(MemoryTiming, HugeTransfersDoNotOverflow) {
  // The slowest memory and the fastest clock of a config, and all that a space may hold: the
  // product of bytes and hertz has 68 bits.
  MemoryTiming slow = timing(1'000, 0, Hertz(10'000'000'000));
  constexpr std::uint64_t kSpace = std::uint64_t{16} << 30;
  EXPECT_EQ(ask(slow, 0, kSpace), kSpace * 10'000'000);
  EXPECT_EQ(ask(slow, 0, 1), kSpace * 10'000'000 + 10'000'000);
  // Rates without a common factor, at the top of what fits 64 bits.
  MemoryTiming odd = timing(999'999'937, 0, Hertz(9'999'999'967));
  constexpr std::uint64_t kBytes = std::uint64_t{1} << 60;
  __extension__ constexpr auto kProduct = static_cast<unsigned __int128>(kBytes) * 9'999'999'967;
  EXPECT_EQ(ask(odd, 0, kBytes),
            static_cast<std::uint64_t>((kProduct + 999'999'936) / 999'999'937));
}

TEST(MemoryTiming, AHugeLatencyAndALateCycleAddUp) {
  MemoryTiming dram(memory(kOneBytePerCycle, 1'000'000'000), kGigahertz);
  constexpr std::uint64_t kLate = std::uint64_t{1} << 62;
  EXPECT_EQ(ask(dram, kLate, 5), kLate + 5 + 1'000'000);
}

}  // namespace
}  // namespace systol
