// Closed forms worked out by hand from hw/TIMING.md, for DDR4-2400: a clock of 1/1.2 ns, bursts of
// 64 bytes in 4 clocks, 4 groups of 4 banks with rows of 8 KiB, 128 bursts. In clocks: tRCD = tRP =
// CL = 16, CWL = 12, tRAS = 39, tCCD 4 and 6, tRRD 4 and 6, tFAW = 26, tWR = 18, tWTR 3 and 9,
// tRTP = 9, tRFC = 312, tREFI = 9360.
#include "sim/memory/dram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "sim/config/dram_types.h"
#include "sim/memory/memory_timing.h"

namespace systol {
namespace {

using enum DramEvent;
using enum DramField;

constexpr std::uint64_t kBurst = 64;
constexpr std::uint64_t kRow = 8192;
constexpr std::uint64_t kGroup = 64;           // the default mapping: a burst to each group
constexpr std::uint64_t kBank = 4 * kRow;      // after a row of each group, the next bank
constexpr std::uint64_t kNextRow = 4 * kBank;  // after 4 banks, the next row

DramConfig ddr4() {
  DramConfig dram = typical_dram(DramType::Ddr4);
  dram.refresh = DramRefresh::None;
  return dram;
}

/// A DRAM and what happened in it.
struct Asked {
  Dram dram;
  DramCounts counts;

  explicit Asked(const DramConfig& config) : dram(config) {}
  /// The clock in which the last data of the pieces have moved.
  std::uint64_t operator()(std::uint64_t now, const std::vector<MemoryPiece>& pieces,
                           bool writes = false) {
    return dram.request(now, 0, {isa::Space::Weights, writes, pieces}, counts).to;
  }
  std::uint64_t read(std::uint64_t now, std::uint64_t address) {
    return (*this)(now, {{address, kBurst}});
  }
  std::uint64_t write(std::uint64_t now, std::uint64_t address) {
    return (*this)(now, {{address, kBurst}}, true);
  }
};

TEST(Dram, TimesAreRoundedUpToClocks) {
  const DramConfig dram = ddr4();
  const std::array<std::uint64_t, kDramTimes> expected = {16, 16, 39, 16, 12, 4, 6,   4,
                                                          6,  26, 18, 3,  9,  9, 312, 9360};
  for (std::size_t i = 0; i < kDramTimes; ++i) {
    EXPECT_EQ(dram.clocks(static_cast<DramTime>(i)), expected[i]) << kDramTimeNames[i];
  }
}

TEST(Dram, AReadOpensItsRow) {
  Asked ask(ddr4());
  EXPECT_EQ(ask.read(100, 0), 100U + 16 + 16 + 4) << "tRCD + CL + burst";
  EXPECT_EQ(ask.read(1000, 4 * kGroup), 1000U + 16 + 4) << "CL + burst";
  EXPECT_EQ(ask.read(2000, kNextRow), 2000U + 16 + 16 + 16 + 4) << "tRP + tRCD + CL + burst";
  EXPECT_EQ(ask.write(3000, kNextRow), 3000U + 12 + 4) << "CWL + burst";
  EXPECT_EQ(ask.counts[RowMisses], 1U);
  EXPECT_EQ(ask.counts[RowHits], 2U);
  EXPECT_EQ(ask.counts[RowConflicts], 1U);
  EXPECT_EQ(ask.counts[Activates], 2U);
  EXPECT_EQ(ask.counts[ReadBursts], 3U);
  EXPECT_EQ(ask.counts[WriteBursts], 1U);
  EXPECT_EQ(ask.counts[Refreshes], 0U);
}

TEST(Dram, ARowStaysOpenForItsTime) {
  Asked ask(ddr4());
  ask.read(0, 0);  // activate at 0, read at 16: precharge at 39, not at 16 + 9
  EXPECT_EQ(ask.read(0, kNextRow), 39U + 16 + 16 + 16 + 4);
  Asked later(ddr4());
  later.read(0, 0);
  later.read(60, 4 * kGroup);  // a read at 60: precharge at 69
  EXPECT_EQ(later.read(61, kNextRow), 69U + 16 + 16 + 16 + 4);
  Asked written(ddr4());
  written.write(0, 0);  // a write at 16, data to 32, tWR: precharge at 50
  EXPECT_EQ(written.read(0, kNextRow), 50U + 16 + 16 + 16 + 4);
}

TEST(Dram, ColumnsOfAGroupAreFurtherApart) {
  Asked groups(ddr4());
  groups.read(0, 0);
  groups.read(0, kGroup);
  groups.read(100, 0);
  EXPECT_EQ(groups.read(100, kGroup), 100U + 4 + 16 + 4) << "tCCD_S";
  Asked one(ddr4());
  one.read(0, 0);
  one.read(100, 0);
  EXPECT_EQ(one.read(100, 4 * kGroup), 100U + 6 + 16 + 4) << "tCCD_L";
}

TEST(Dram, TheBusTurns) {
  Asked ask(ddr4());
  ask.read(0, 0);
  ask.read(0, kGroup);
  ask.read(100, 0);
  EXPECT_EQ(ask.write(100, 0), 100U + (16 + 4 + 2 - 12) + 12 + 4) << "CL + burst + 2 - CWL";
  // The write's command was at 110, its data ended at 126.
  EXPECT_EQ(ask.read(100, kGroup), 126U + 3 + 16 + 4) << "tWTR_S";
  Asked same(ddr4());
  same.read(0, 0);
  same.write(100, 0);  // its data end at 116
  EXPECT_EQ(same.read(100, 0), 116U + 9 + 16 + 4) << "tWTR_L";
}

TEST(Dram, FourActivatesAWindow) {
  Asked ask(ddr4());
  // Five banks, of groups 0 to 3 and 0 again: activates at 0, 4, 8, 12 and 26.
  const std::uint64_t end = ask(
      0,
      {{0, kBurst}, {kGroup, kBurst}, {2 * kGroup, kBurst}, {3 * kGroup, kBurst}, {kBank, kBurst}});
  EXPECT_EQ(end, 26U + 16 + 16 + 4);
  Asked one(ddr4());
  one.read(0, 0);
  EXPECT_EQ(one.read(0, kBank), 6U + 16 + 16 + 4) << "tRRD_L";
}

TEST(Dram, StreamsAtTheBusRate) {
  Asked ask(ddr4());
  // 64 MiB: 2^20 bursts of 4 clocks. Rows are opened while others are read.
  constexpr std::uint64_t kBursts = 1 << 20;
  EXPECT_EQ(ask(0, {{0, kBursts * kBurst}}), 16U + 16 + kBursts * 4);
  EXPECT_EQ(ask.counts[Activates], kBursts / 128);
  EXPECT_EQ(ask.counts[RowHits], kBursts - kBursts / 128);
  EXPECT_EQ(ask.counts[RowMisses], 16U) << "the first row of each bank";
}

TEST(Dram, RefreshesTakeTheirShareOfAStream) {
  Asked ask(typical_dram(DramType::Ddr4));
  // In each tREFI of 9360 clocks, the banks are closed (from the last read at most tRTP and tRP),
  // refreshed (312) and opened again (16): 353 clocks without data.
  constexpr double kBursts = 1 << 20;
  const double expected = kBursts * 4 / (1 - (9.0 + 16 + 312 + 16) / 9360);
  const auto end = static_cast<double>(ask(0, {{0, (1 << 20) * kBurst}}));
  EXPECT_NEAR(end / expected, 1.0, 0.02);
  EXPECT_NEAR(end / expected, 1.0, 0.002) << "much closer than asked";
  EXPECT_EQ(ask.counts[Refreshes], static_cast<std::uint64_t>(end) / 9360);
}

TEST(Dram, AnIdleTimeCountsItsRefreshes) {
  Asked ask(typical_dram(DramType::Ddr4));
  ask.read(0, 0);
  // 10 refreshes are due at 93600; the last keeps the banks until 93600 + 312.
  EXPECT_EQ(ask.read(93'700, 0), 93'600U + 312 + 16 + 16 + 4);
  EXPECT_EQ(ask.counts[Refreshes], 10U);
  EXPECT_EQ(ask.counts[RowMisses], 2U);
  EXPECT_EQ(ask.dram.refreshes_due(93'600 + 9359), 0U);
  EXPECT_EQ(ask.dram.refreshes_due(93'600 + 2 * 9360), 2U);
}

/// Random bursts in random rows and banks, all asked for at clock 0.
double clocks_of_random(DramConfig dram, std::uint32_t seed) {
  Asked ask(dram);
  std::mt19937_64 random(seed);
  std::vector<MemoryPiece> pieces;
  pieces.reserve(20'000);
  for (int i = 0; i < 20'000; ++i) {
    pieces.push_back({random() % (dram.capacity.count() / kBurst) * kBurst, kBurst});
  }
  return static_cast<double>(ask(0, pieces)) / static_cast<double>(pieces.size());
}

TEST(Dram, RandomBurstsOneByOneTakeAConflictEach) {
  DramConfig dram = ddr4();
  dram.queue = 1;
  // One after another: tRP + tRCD from read to read. One in 16 is in the bank of the one before,
  // whose row was opened tRCD before the read and stays open for tRAS: 39 - 16 clocks more.
  const double expected = 16 + 16 + (39.0 - 16) / 16;
  EXPECT_NEAR(clocks_of_random(dram, 1) / expected, 1.0, 0.02);
}

TEST(Dram, RandomBurstsOfOneBankTakeARowCycle) {
  DramConfig dram = ddr4();
  dram.groups = 1;
  dram.banks = 1;
  EXPECT_NEAR(clocks_of_random(dram, 2) / (39 + 16), 1.0, 0.02) << "tRAS + tRP";
}

TEST(Dram, RandomRowsOfBanksInTurnTakeTheWindowOfFour) {
  Asked ask(ddr4());
  std::mt19937_64 random(3);
  std::vector<MemoryPiece> pieces;
  for (std::uint64_t i = 0; i < 20'000; ++i) {  // groups in turn, then banks
    const std::uint64_t bank = i % 4 * kGroup + i / 4 % 4 * kBank;
    pieces.push_back({random() % 32'768 * kNextRow + bank, kBurst});
  }
  const auto end = static_cast<double>(ask(0, pieces));
  EXPECT_NEAR(end / 20'000 / (26.0 / 4), 1.0, 0.02) << "tFAW / 4";
}

/// Random streams, as they are or burst by burst: nothing may differ. A piece of one burst is no
/// stream, so that what is asked burst by burst takes none of the short cuts.
TEST(Dram, AStreamIsItsBursts) {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    std::mt19937_64 random(seed);
    DramConfig dram = typical_dram(static_cast<DramType>(random() % 4));
    dram.scheduling = random() % 2 == 0 ? DramScheduling::FirstCome : DramScheduling::FirstReady;
    dram.queue = 1 + static_cast<std::uint32_t>(random() % 20);
    if (random() % 3 == 0) {
      std::ranges::shuffle(dram.mapping, random);
    }
    if (random() % 2 == 0) {
      dram.refresh = DramRefresh::None;
    }
    const std::uint64_t burst = dram.burst().count();
    Dram streams(dram);
    Dram bursts(dram);
    DramCounts of_streams;
    DramCounts of_bursts;
    std::uint64_t now = 0;
    for (int i = 0; i < 20; ++i) {
      const std::uint64_t first = random() % 200'000;
      const std::uint64_t count = 1 + random() % 3000;
      std::vector<MemoryPiece> each;
      for (std::uint64_t at = first; at < first + count; ++at) {
        each.push_back({at * burst, burst});
      }
      const bool writes = random() % 3 == 0;
      const std::array whole = {MemoryPiece{first * burst, count * burst}};
      const DramData expected = bursts.request(now, 0, {{}, writes, each}, of_bursts);
      const DramData got = streams.request(now, 0, {{}, writes, whole}, of_streams);
      ASSERT_EQ(got.from, expected.from) << "seed " << seed << ", request " << i;
      ASSERT_EQ(got.to, expected.to) << "seed " << seed << ", request " << i;
      ASSERT_EQ(of_streams, of_bursts) << "seed " << seed << ", request " << i;
      now += random() % 4 == 0 ? 20'000 : random() % 500;
    }
    EXPECT_EQ(streams.refreshes_due(now), bursts.refreshes_due(now));
  }
}

/// Two streams of rows of one bank, a burst of each in turn.
std::vector<MemoryPiece> two_streams() {
  std::vector<MemoryPiece> pieces;
  for (std::uint64_t i = 0; i < 128; ++i) {
    pieces.push_back({i * 4 * kGroup, kBurst});
    pieces.push_back({kNextRow + i * 4 * kGroup, kBurst});
  }
  return pieces;
}

TEST(Dram, FirstComeLeavesTheOrder) {
  DramConfig dram = ddr4();
  dram.scheduling = DramScheduling::FirstCome;
  Asked ask(dram);
  // Each of 256 bursts opens its row anew, tRAS + tRP after the last.
  EXPECT_EQ(ask(0, two_streams()), 255U * (39 + 16) + 16 + 16 + 4);
  EXPECT_EQ(ask.counts[RowHits], 0U);
}

TEST(Dram, FirstReadyServesARowAsLongAsItIsWanted) {
  DramConfig dram = ddr4();
  dram.queue = 16;
  Asked ask(dram);
  ask(0, two_streams());
  // A run of r bursts of one row makes r places, of which those that come take every second with
  // the same row. The first run is of 8 and ceil(r / 2): 16. Then all that wait are of the other
  // row, and a run is of 16 and floor(r / 2): 31. Seven such runs, and what is left: 19 and 4.
  EXPECT_EQ(ask.counts[RowMisses], 1U);
  EXPECT_EQ(ask.counts[RowConflicts], 9U);
  EXPECT_EQ(ask.counts[RowHits], 256U - 10);
}

TEST(Dram, FirstReadyTakesTheOldestThatHits) {
  DramConfig dram = ddr4();
  dram.queue = 3;
  Asked ask(dram);
  ask.read(0, 0);
  // A conflict, then two hits. Those are read at 100 and 106; meanwhile the bank cannot be closed:
  // at 106 + 9 it is, and its next row is read 16 + 16 later.
  const std::uint64_t end =
      ask(100, {{kNextRow, kBurst}, {4 * kGroup, kBurst}, {8 * kGroup, kBurst}});
  EXPECT_EQ(end, 106U + 9 + 16 + 16 + 16 + 4);
  EXPECT_EQ(ask.counts[RowHits], 2U);
  EXPECT_EQ(ask.counts[RowConflicts], 1U);
}

TEST(Dram, FirstReadyPrefersAHitToAnOlderConflict) {
  Asked ask(ddr4());
  ask.read(0, 0);
  ask.read(100, kGroup);
  ask.read(200, 2 * kGroup);
  // Twelve hits of two groups keep the bus until 1048. By then the next row of the first bank could
  // be open, and its old row is: that one is read first, at 1048. The bank is closed at 1057.
  std::vector<MemoryPiece> pieces;
  for (std::uint64_t i = 0; i < 6; ++i) {
    pieces.push_back({kGroup + i * 4 * kGroup, kBurst});
    pieces.push_back({2 * kGroup + i * 4 * kGroup, kBurst});
  }
  pieces.push_back({kNextRow, kBurst});
  pieces.push_back({4 * kGroup, kBurst});
  EXPECT_EQ(ask(1000, pieces), 1057U + 16 + 16 + 16 + 4);
  EXPECT_EQ(ask.counts[RowConflicts], 1U);
  EXPECT_EQ(ask.counts[RowHits], 13U);
}

TEST(Dram, AQueueOfOnePreparesNothing) {
  DramConfig dram = ddr4();
  dram.queue = 1;
  Asked one(dram);
  // The second bank is opened when the first was read, at 16.
  EXPECT_EQ(one(0, {{0, kBurst}, {kGroup, kBurst}}), 16U + 16 + 16 + 4);
  Asked two(ddr4());
  EXPECT_EQ(two(0, {{0, kBurst}, {kGroup, kBurst}}), 4U + 16 + 16 + 4) << "tRRD_S";
}

TEST(Dram, PiecesMoveTheBurstsThatTheyTouch) {
  Asked ask(ddr4());
  ask(0, {{60, 8}, {256, 1}, {300, 0}});
  EXPECT_EQ(ask.counts[ReadBursts], 3U);
}

TEST(Dram, TheMappingSaysWhereABurstLies) {
  DramConfig dram = typical_dram(DramType::Hbm2);  // 16 channels, 4 groups, 4 banks, 32 columns
  dram.mapping = {Channel, Row, Bank, Group, Column};
  DramAddress address(dram);
  address.go_to(0);
  address.next();
  EXPECT_EQ(address[Column], 1U);
  address.go_to(32 * 4 * 4 * 5 + 32 * 4 * 3 + 32 * 2 + 31);
  EXPECT_EQ(address[Row], 5U);
  EXPECT_EQ(address[Bank], 3U);
  EXPECT_EQ(address[Group], 2U);
  EXPECT_EQ(address[Column], 31U);
  address.next();
  EXPECT_EQ(address[Group], 3U);
  EXPECT_EQ(address[Column], 0U);
  const std::uint64_t all = dram.capacity.count() / 32;
  address.go_to(all - 1);
  EXPECT_EQ(address[Channel], 15U);
  EXPECT_EQ(address[Row], dram.rows() - 1);
  address.next();
  EXPECT_EQ(address[Channel] + address[Row] + address[Bank] + address[Group] + address[Column], 0U);
  address.go_to(all + 1);
  EXPECT_EQ(address[Column], 1U);
}

TEST(Dram, ChannelsShareAStream) {
  DramConfig dram = typical_dram(DramType::Hbm2);
  dram.refresh = DramRefresh::None;
  Asked ask(dram);
  // 16 channels of 32 bytes in 2 clocks: 65536 bursts a channel for 32 MiB. One clock is lost at
  // the start: the second group's row can be read at tRRD_S + tRCD = 16, so the first group's
  // second burst goes before, at tRCD + tCCD_L = 15 and not at 14.
  EXPECT_EQ(ask(0, {{0, std::uint64_t{1} << 25}}), 12U + 18 + 65'536 * 2 + 1);
}

/// At 1 GHz, 5 clocks of a DDR4-2400 are 4 cycles and 1/6.
MemoryConfig behind_channel(std::optional<BytesPerSecond> bandwidth, std::uint64_t latency_ps) {
  MemoryConfig config;
  config.name = "dram";
  config.holds = {isa::Space::Activations, isa::Space::Weights};
  config.bandwidth = bandwidth;
  config.latency = Picoseconds(latency_ps);
  config.dram = ddr4();
  return config;
}

std::uint64_t ask(MemoryTiming& timing, std::uint64_t now, MemoryPiece piece,
                  isa::Space space = isa::Space::Activations) {
  DramCounts counts;
  const std::array pieces = {piece};
  return timing.request(Cycles(now), {space, false, pieces}, counts).count();
}

TEST(MemoryTimingOfADram, ConvertsBetweenTheClocks) {
  MemoryTiming timing(behind_channel(std::nullopt, 0), Hertz(1'000'000'000));
  EXPECT_TRUE(timing.has_banks());
  // Asked at clock 0, complete at 36: 30 cycles. Asked in cycle 101, at clock 121.2, so 122: the
  // row is open, and at 142 the data are there: 118.33 cycles.
  EXPECT_EQ(ask(timing, 0, {0, kBurst}), 30U);
  EXPECT_EQ(ask(timing, 101, {0, kBurst}), 119U);
  EXPECT_NEAR(timing.busy().first, (122 + 16) / 1.2, 1e-9);
  EXPECT_NEAR(timing.busy().second, 142 / 1.2, 1e-9);
}

TEST(MemoryTimingOfADram, TheChannelInFrontAddsItsLatencyAndItsLimit) {
  MemoryTiming late(behind_channel(std::nullopt, 7'000), Hertz(1'000'000'000));
  EXPECT_EQ(ask(late, 0, {0, kBurst}), 30U + 7);
  MemoryTiming narrow(behind_channel(BytesPerSecond(1'000'000'000), 0), Hertz(1'000'000'000));
  EXPECT_EQ(ask(narrow, 0, {0, kBurst}), 64U);
  EXPECT_EQ(ask(narrow, 0, {0, kBurst}), 128U);
}

TEST(MemoryTimingOfADram, SpacesBeginAtTheirShareOfTheCapacity) {
  // 4 GiB: the weights, held second, begin at 2 GiB, which is row 16384 of bank 0.
  MemoryTiming timing(behind_channel(std::nullopt, 0), Hertz(1'200'000'000));
  ask(timing, 0, {0, kBurst});
  EXPECT_EQ(ask(timing, 1000, {0, kBurst}, isa::Space::Weights), 1000U + 16 + 16 + 16 + 4);
  EXPECT_EQ(ask(timing, 2000, {16'384 * kNextRow, kBurst}), 2000U + 16 + 4) << "the same row";
}

TEST(DramTypes, EachFigureHasASource) {
  for (std::size_t type = 0; type < kDramTypeNames.size(); ++type) {
    for (const DramFigure& figure : figures_of(static_cast<DramType>(type))) {
      EXPECT_GT(figure.value.count(), 0U);
      EXPECT_FALSE(figure.source.empty());
    }
  }
}

TEST(DramTypes, PeakBandwidthsAreTheStandards) {
  const auto peak = [](DramType type) { return typical_dram(type).peak().count(); };
  EXPECT_EQ(peak(DramType::Ddr3), 12'800'000'000U);
  EXPECT_EQ(peak(DramType::Ddr4), 19'200'000'000U);
  EXPECT_EQ(peak(DramType::Lpddr4), 12'800'000'000U);
  EXPECT_EQ(peak(DramType::Hbm2), 256'000'000'000U);
}

}  // namespace
}  // namespace systol
