// An exported wave, read back: the first tile's partial sums at the cycles that hw/TIMING.md says.
#include <fmt/format.h>

#include "tests/sim/wave/fst2vcd.h"
#include "tests/system/program.h"

namespace systol::test {
namespace {

constexpr int kRows = 3;
constexpr int kColumns = 5;
constexpr int kSamples = 4;
constexpr std::uint64_t kPeriod = 1'000;  // picoseconds

/// Four activation rows times one tile, written down as a program.
class Wave : public ProgramTest {
 protected:
  Wave() {
    write_array();
    const auto hex = [](const auto& values) {
      std::string text;
      for (const auto& row : values) {
        for (const int value : row) {
          text += fmt::format("{:02x}", value & 0xff);
        }
      }
      return text;
    };
    folder_.write(
        "p.tpu",
        "program 4 int8\n"
        "node 0 \"fc\"\n"
        "space weights 15\n"
        "space activations 12\n"
        "data weights 0x0 " +
            hex(kWeights) +
            "\n"
            "data activations 0x0 " +
            hex(kInputs) +
            "\n"
            "load space=activations memory=0x0 buffer=0x0 piece_bytes=12 signal=matrix @0,0,0,0\n"
            "load_weights space=weights memory=0x0 rows=3 columns=5 @0,0,0,0\n" +
            kMatmul +
            " wait=load @0,0,0,0\n"
            // Keeps the machine busy until all that the matmul wrote can be seen.
            "set_channels buffer=0x80 columns=5 @0,0,0,0\n"
            "set_channels buffer=0x80 columns=5 @0,0,0,0\n");
  }

  /// Runs the program and reads the wave that it leaves.
  Dump dump(const std::string& engine, const std::string& name,
            const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"run",      "p.tpu", "-c",     "array.yaml",
                                       "--engine", engine,  "--wave", name};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ended ended = systol(arguments);
    EXPECT_EQ(ended.status, kOk) << ended.err;
    return read_dump(folder_.path(name));
  }

  static std::string pe(int row, int column, const std::string& signal) {
    const std::size_t range = signal.find('[');
    return fmt::format("systol.pe.row_{0}.col_{1}.{2}_{0}_{1}{3}", row, column,
                       signal.substr(0, range), signal.substr(range));
  }
  static std::string number(const Dump& dump, const std::string& signal, std::uint64_t cycle) {
    return dump.at(signal, cycle * kPeriod);
  }
  /// As the dump writes a value: binary, of so many bits.
  static std::string bits(std::int64_t value, unsigned width) {
    std::string text;
    for (unsigned bit = width; bit-- > 0;) {
      const bool one = ((static_cast<std::uint64_t>(value) >> bit) & 1U) != 0;
      if (one || !text.empty()) {
        text += one ? '1' : '0';
      }
    }
    return text.empty() ? "0" : text;
  }

  static constexpr int kWeights[kRows][kColumns] = {
      {1, -2, 3, -4, 5}, {-7, 11, -13, 17, -19}, {100, -128, 127, 64, -1}};
  static constexpr int kInputs[kSamples][kRows] = {
      {1, 2, 3}, {-4, 5, -6}, {127, -128, 100}, {-1, -1, -1}};
  static inline const std::string kMatmul =
      "matmul buffer=0x0:4x3 depth=3 columns=5 accumulator=2 add=0 reuse=0";
  // The load starts in cycle 0, the tile is requested in cycle 1 and shifts from cycle 2 on, the
  // matmul begins in cycle 3.
  static constexpr std::uint64_t kShift = 2;
  static constexpr std::uint64_t kFeed = 3;
};

class WaveOf : public Wave, public ::testing::WithParamInterface<std::string> {};

TEST_P(WaveOf, PartialSumsAreThereRPlusCPlusOneCyclesAfterTheirRowIsFed) {
  const Dump wave = dump(GetParam(), "w.fst");
  for (int row = 0; row < kRows; ++row) {
    for (int column = 0; column < kColumns; ++column) {
      const std::string signal = pe(row, column, "partial_sum[31:0]");
      std::string before;
      for (int sample = 0; sample < kSamples; ++sample) {
        std::int64_t sum = 0;
        for (int k = 0; k <= row; ++k) {
          sum += kInputs[sample][k] * kWeights[k][column];
        }
        const auto visible = kFeed + static_cast<std::uint64_t>(sample + row + column + 1);
        EXPECT_EQ(number(wave, signal, visible), bits(sum, 32))
            << "row " << row << ", column " << column << ", sample " << sample;
        if (sample > 0) {
          EXPECT_EQ(number(wave, signal, visible - 1), before) << "one cycle early";
        }
        before = bits(sum, 32);
      }
    }
  }
}

TEST_P(WaveOf, WeightsAndActivationsMoveAsTheTimingSays) {
  const Dump wave = dump(GetParam(), "w.fst");
  for (int row = 0; row < kRows; ++row) {
    for (int column = 0; column < kColumns; ++column) {
      const auto distance = static_cast<std::uint64_t>(row + column + 1);
      const std::string weight = bits(kWeights[row][column], 8);
      EXPECT_EQ(number(wave, pe(row, column, "shadow[7:0]"), kShift + distance), weight);
      EXPECT_NE(number(wave, pe(row, column, "shadow[7:0]"), kShift + distance - 1), weight)
          << "one cycle early";
      EXPECT_EQ(number(wave, pe(row, column, "weight[7:0]"), kFeed + distance), weight);
      EXPECT_NE(number(wave, pe(row, column, "weight[7:0]"), kFeed + distance - 1), weight)
          << "one cycle early";
      EXPECT_EQ(number(wave, pe(row, column, "activation[7:0]"), kFeed + distance),
                bits(kInputs[0][row], 8));
    }
  }
}

TEST_P(WaveOf, AccumulatorsHaveTheProductRPlusCPlusOneCyclesAfterTheFeed) {
  const Dump wave = dump(GetParam(), "w.vcd", {"--wave-scope", "accumulators"});
  for (int sample = 0; sample < kSamples; ++sample) {
    for (int column = 0; column < kColumns; ++column) {
      std::int64_t sum = 0;
      for (int k = 0; k < kRows; ++k) {
        sum += kInputs[sample][k] * kWeights[k][column];
      }
      const std::string signal =
          fmt::format("systol.accumulators.row_{}.col_{}[31:0]", 2 + sample, column);
      const auto visible = kFeed + static_cast<std::uint64_t>(sample + kRows + kColumns + 1);
      EXPECT_EQ(number(wave, signal, visible), bits(sum, 32));
      EXPECT_NE(number(wave, signal, visible - 1), bits(sum, 32)) << "one cycle early";
    }
  }
}

TEST_P(WaveOf, PortsCommandsAndLedgerAreReadable) {
  const Dump wave = dump(GetParam(), "w.fst");
  for (std::uint64_t cycle = 0; cycle < kFeed + kSamples + 2; ++cycle) {
    const bool feeds = cycle >= kFeed && cycle < kFeed + kSamples;
    EXPECT_EQ(number(wave, "systol.ports.feed_valid", cycle), feeds ? "1" : "0") << cycle;
    EXPECT_EQ(number(wave, "systol.ports.feed_swap", cycle), cycle == kFeed ? "1" : "0") << cycle;
    EXPECT_EQ(number(wave, "systol.commands.matrix", cycle),
              feeds ? kMatmul + " wait=load @0,0,0,0" : "")
        << cycle;
    EXPECT_EQ(number(wave, "systol.cycle[63:0]", cycle),
              bits(static_cast<std::int64_t>(cycle), 64));
  }
  EXPECT_EQ(number(wave, "systol.ledger", 0), "non_matrix");
  EXPECT_EQ(number(wave, "systol.ledger", kShift), "weight_shift");
  EXPECT_EQ(number(wave, "systol.ledger", kFeed), "array_active");
  EXPECT_EQ(number(wave, "systol.ledger", kFeed + kSamples), "non_matrix");
}

INSTANTIATE_TEST_SUITE_P(Engine, WaveOf, ::testing::Values("systemc", "rtl"),
                         [](const auto& engine) { return engine.param; });

TEST_F(Wave, BothEnginesGiveTheSameValues) {
  for (const std::string name : {"w.fst", "w.vcd"}) {
    const Dump systemc = dump("systemc", name, {"--wave-scope", "all"});
    const Dump rtl = dump("rtl", name, {"--wave-scope", "all"});
    EXPECT_EQ(systemc.end, rtl.end);
    ASSERT_EQ(systemc.signals.size(), rtl.signals.size());
    EXPECT_GT(systemc.signals.size(), 100U);
    for (const auto& [signal, changes] : systemc.signals) {
      EXPECT_EQ(changes, rtl.signals.at(signal)) << signal;
    }
  }
}

TEST_F(Wave, TheWindowHoldsItsCyclesAndNoOthers) {
  const Dump whole = dump("systemc", "whole.vcd");
  const Dump part = dump("systemc", "part.vcd", {"--wave-from", "5", "--wave-to", "8"});
  for (std::uint64_t cycle = 0; cycle < 12; ++cycle) {
    const std::string value = number(part, "systol.cycle[63:0]", cycle);
    if (cycle < 5) {
      EXPECT_EQ(value, "x") << cycle;
    } else if (cycle < 8) {
      EXPECT_EQ(value, number(whole, "systol.cycle[63:0]", cycle));
      EXPECT_EQ(number(part, pe(0, 0, "partial_sum[31:0]"), cycle),
                number(whole, pe(0, 0, "partial_sum[31:0]"), cycle));
    }
  }
  EXPECT_EQ(part.end, 8 * kPeriod);
  EXPECT_LT(content("part.vcd").size(), content("whole.vcd").size());
}

TEST_F(Wave, AWindowBehindTheRunIsNoted) {
  const std::string note =
      "note: the wave is empty: its window starts at cycle 100, after the run's last cycle, ";
  const std::vector<std::string> run{"run",      "p.tpu",   "-c",     "array.yaml",
                                     "--engine", "systemc", "--wave", "w.vcd"};
  std::vector<std::string> late = run;
  late.insert(late.end(), {"--wave-from", "100"});
  EXPECT_NE(systol(late).out.find(note), std::string::npos) << systol(late).out;
  EXPECT_EQ(systol(run).out.find("note: "), std::string::npos);
}

TEST_F(Wave, AScopeShowsThatAndNothingElse) {
  const Dump wave = dump("systemc", "w.vcd", {"--wave-scope", "pe:1-2,4"});
  int pes = 0;
  for (const auto& [signal, changes] : wave.signals) {
    EXPECT_EQ(signal.find("systol.ports"), std::string::npos) << signal;
    EXPECT_EQ(signal.find("systol.commands"), std::string::npos) << signal;
    pes += signal.find(".partial_sum") != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(pes, 2);
  EXPECT_TRUE(wave.signals.contains(pe(1, 4, "partial_sum[31:0]")));
}

TEST_F(Wave, OfAModelTakesTheSameCyclesAsWithout) {
  write_workload();
  const std::vector<std::string> run{"run",      "net.yaml", "-c",     "array.yaml",
                                     "--engine", "systemc",  "--json", "-"};
  std::vector<std::string> traced = run;
  traced.insert(traced.end(), {"--wave", "w.fst"});
  EXPECT_EQ(nlohmann::json::parse(systol(run).out)["nodes"],
            nlohmann::json::parse(systol(traced).out)["nodes"]);
  EXPECT_GT(content("w.fst").size(), 0U);
}

}  // namespace
}  // namespace systol::test
