#include "sim/wave/unit_wave.h"

#include <gtest/gtest.h>

#include <array>

#include "sim/base/error.h"
#include "tests/sim/wave/fake_unit.h"
#include "tests/sim/wave/fst2vcd.h"

namespace systol {
namespace {

constexpr UnitShape kShape{3, 2, 2};
constexpr Hertz kClock{500'000'000};  // 2000 ps

std::string binary(std::uint64_t value, unsigned width) {
  std::string digits;
  for (unsigned i = width; i-- > 0;) {
    digits += (value >> i & 1) != 0 ? '1' : '0';
  }
  const std::size_t first = digits.find('1');
  return first == std::string::npos ? "0" : digits.substr(first);
}
std::string byte(std::int8_t value) { return binary(static_cast<std::uint8_t>(value), 8); }
std::string word(std::int32_t value) { return binary(static_cast<std::uint32_t>(value), 32); }

/// Samples random registers and pins for some cycles; the same for the same seed.
void run(UnitWave& wave, std::uint64_t cycles, FakeUnit& unit) {
  std::mt19937 random(5);
  for (std::uint64_t cycle = 0; cycle < cycles; ++cycle) {
    unit.randomise(random);
    const std::array<std::uint8_t, 3> feed = {static_cast<std::uint8_t>(random()), 255, 1};
    UnitInputs pins;
    pins.feed_valid = random() % 2 == 0;
    pins.feed_data = pins.feed_valid ? feed.data() : nullptr;
    pins.feed_address = static_cast<std::uint32_t>(random());
    pins.activate_minimum = -128;
    const std::vector<std::string> commands = {
        "", "load rows=1", "", "matmul " + std::to_string(cycle / 4), "", ""};
    wave.sample(Cycles(cycle), pins, {}, unit, commands, pins.feed_valid ? "array_active" : "idle");
  }
}

Dump record(const WaveOptions& options, std::uint64_t cycles) {
  FakeUnit unit(kShape);
  UnitWave wave(options, kShape, kClock);
  run(wave, cycles, unit);
  wave.close();
  return read_dump(options.path);
}

TEST(UnitWave, BothFormatsSayTheSame) {
  const TemporaryFolder folder;
  const Dump fst = record({.path = folder / "a.fst", .scopes = {"all"}}, 50);
  const Dump vcd = record({.path = folder / "a.vcd", .scopes = {"all"}}, 50);
  EXPECT_EQ(fst.signals, vcd.signals);
  EXPECT_EQ(fst.end, vcd.end);
  EXPECT_EQ(fst.end, 100'000U);
}

TEST(UnitWave, RegistersAndPinsAreThoseOfTheirCycle) {
  const TemporaryFolder folder;
  FakeUnit unit(kShape);
  UnitWave wave({.path = folder / "a.fst", .scopes = {"all"}}, kShape, kClock);
  std::mt19937 random(9);
  unit.randomise(random);
  const std::array<std::uint8_t, 2> result = {249, 7};
  UnitInputs pins;
  pins.activate_zero_point = -3;
  wave.sample(Cycles(0), pins, {true, result.data()}, unit, {}, "idle");
  const FakeUnit first = unit;
  unit.randomise(random);
  wave.sample(Cycles(1), pins, {}, unit, {}, "non_matrix");
  wave.close();
  const Dump dump = read_dump(folder / "a.fst");
  for (const auto& [registers, time] :
       {std::pair(&first, 1999U), std::pair(&std::as_const(unit), 2000U)}) {
    const auto at = [&dump, time = time](const std::string& name) {
      return dump.at("systol." + name, time);
    };
    EXPECT_EQ(at("pe.row_2.col_1.weight_2_1[7:0]"), byte(registers->weights[5]));
    EXPECT_EQ(at("pe.row_2.col_1.shadow_2_1[7:0]"), byte(registers->shadow[5]));
    EXPECT_EQ(at("pe.row_2.col_0.activation_2_0[7:0]"), byte(registers->activations[4]));
    EXPECT_EQ(at("pe.row_0.col_1.partial_sum_0_1[31:0]"), word(registers->partial_sums[1]));
    EXPECT_EQ(at("accumulators.row_1.col_0[31:0]"), word(registers->sums[2]));
    EXPECT_EQ(at("ports.result_data_0[7:0]"), byte(-7));
    EXPECT_EQ(at("ports.activate_zero_point[7:0]"), byte(-3));
  }
  EXPECT_EQ(dump.at("systol.ports.result_valid", 0), "1");
  EXPECT_EQ(dump.at("systol.ports.result_valid", 2000), "0");
  EXPECT_EQ(dump.at("systol.ports.feed_data_2[7:0]", 2000), "x");
  EXPECT_EQ(dump.at("systol.ledger", 0), "idle");
  EXPECT_EQ(dump.at("systol.ledger", 2000), "non_matrix");
}

TEST(UnitWave, ClockTogglesAndCyclesCount) {
  const TemporaryFolder folder;
  const Dump dump = record({.path = folder / "a.vcd", .scopes = {"commands"}}, 2);
  EXPECT_EQ(dump.signals.at("systol.clk"),
            (Changes{{0, "1"}, {1000, "0"}, {2000, "1"}, {3000, "0"}}));
  EXPECT_EQ(dump.signals.at("systol.cycle[63:0]"), (Changes{{0, "0"}, {2000, "1"}}));
}

TEST(UnitWave, TimesDoNotDriftWithAnOddPeriod) {
  const TemporaryFolder folder;
  FakeUnit unit(kShape);
  UnitWave wave({.path = folder / "a.vcd", .scopes = {"commands"}}, kShape, Hertz(700'000'000));
  wave.sample(Cycles(700'000'000), {}, {}, unit, {}, "idle");
  wave.close();
  EXPECT_EQ(read_dump(folder / "a.vcd").signals.at("systol.clk")[0].first, 1'000'000'000'000U);
}

TEST(UnitWave, CommandsAreReadable) {
  const TemporaryFolder folder;
  const Dump dump = record({.path = folder / "a.fst", .scopes = {"commands"}}, 8);
  EXPECT_EQ(dump.signals.at("systol.commands.matrix"),
            (Changes{{0, "matmul 0"}, {8000, "matmul 1"}}));
  EXPECT_EQ(dump.at("systol.commands.load", 0), "load rows=1");
  EXPECT_EQ(dump.at("systol.commands.store", 0), "");
}

TEST(UnitWave, OnlyTheWindowIsShown) {
  const TemporaryFolder folder;
  const Dump dump = record(
      {.path = folder / "a.fst", .from = Cycles(3), .to = Cycles(5), .scopes = {"commands"}}, 8);
  EXPECT_EQ(dump.signals.at("systol.cycle[63:0]"), (Changes{{6000, "11"}, {8000, "100"}}));
  EXPECT_EQ(dump.end, 10'000U);
}

TEST(UnitWave, OutsideTheWindowTheUnitIsNotAsked) {
  const TemporaryFolder folder;
  FakeUnit unit(kShape);
  UnitWave wave({.path = folder / "a.fst", .from = Cycles(3), .to = Cycles(5), .scopes = {}},
                kShape, kClock);
  run(wave, 100, unit);
  EXPECT_EQ(unit.reads, 2 * 6);
}

TEST(UnitWave, ScopesSelectSignals) {
  const TemporaryFolder folder;
  const Dump dump = record({.path = folder / "a.fst", .scopes = {"pe:1-2,1"}}, 1);
  EXPECT_TRUE(dump.signals.contains("systol.pe.row_2.col_1.weight_2_1[7:0]"));
  EXPECT_FALSE(dump.signals.contains("systol.pe.row_2.col_0.weight_2_0[7:0]"));
  EXPECT_EQ(dump.signals.size(), 3U + 2U * 4U);
}

TEST(UnitWave, LargeArraysSayWhatTheyLeaveOut) {
  const TemporaryFolder folder;
  const UnitWave large({.path = folder / "a.fst", .scopes = {}}, {256, 256, 8}, kClock);
  EXPECT_EQ(large.note(), "the wave shows PEs 0-7 x 0-7 of 256 x 256; scope 'pe' shows all");
  const UnitWave small({.path = folder / "b.fst", .scopes = {}}, kShape, kClock);
  EXPECT_EQ(small.note(), "");
}

TEST(UnitWave, BadScopeLeavesNoFile) {
  const TemporaryFolder folder;
  EXPECT_THROW(UnitWave({.path = folder / "a.fst", .scopes = {"pes"}}, kShape, kClock), InputError);
  EXPECT_EQ(folder.files(), 0U);
}

TEST(UnitWave, AnExceptionKeepsWhatWasRecorded) {
  const TemporaryFolder folder;
  try {
    FakeUnit unit(kShape);
    UnitWave wave({.path = folder / "a.fst", .scopes = {}}, kShape, kClock);
    run(wave, 10, unit);
    throw std::runtime_error("interrupted");
  } catch (const std::runtime_error&) {
  }
  EXPECT_EQ(read_dump(folder / "a.fst").end, 20'000U);
}

}  // namespace
}  // namespace systol
