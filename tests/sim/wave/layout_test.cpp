#include "sim/wave/layout.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "sim/wave/unit_wave.h"
#include "tests/sim/wave/fake_unit.h"
#include "tests/sim/wave/fst2vcd.h"

namespace systol {
namespace {

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> signals_of(const std::string& layout) {
  std::vector<std::string> signals;
  std::istringstream in(layout);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("systol.")) {
      signals.push_back(line);
    }
  }
  return signals;
}

UnitShape shape_of(std::uint32_t rows, std::uint32_t columns, bool output_stationary) {
  UnitShape shape;
  shape.rows = rows;
  shape.columns = columns;
  shape.accumulator_rows = 4;
  shape.output_stationary = output_stationary;
  return shape;
}

void record(const std::filesystem::path& path, const UnitShape& shape,
            const std::vector<std::string>& scopes = {}) {
  FakeUnit unit(shape);
  UnitWave wave({.path = path, .scopes = scopes}, shape, Hertz(1'000'000'000));
  wave.sample(Cycles(0), {}, {}, unit, {}, "idle");
  wave.close();
}

TEST(Layout, NamesSignalsThatTheWaveHasInEverySizeAndDataflow) {
  const TemporaryFolder folder;
  for (const bool output_stationary : {false, true}) {
    for (const auto& [rows, columns] : {std::pair(1U, 1U), {3U, 5U}, {16U, 16U}, {256U, 256U}}) {
      record(folder / "a.fst", shape_of(rows, columns, output_stationary));
      const Dump dump = read_dump(folder / "a.fst");
      const std::vector<std::string> signals = signals_of(content(folder / "a.gtkw"));
      EXPECT_GT(signals.size(), 30U);
      for (const std::string& signal : signals) {
        EXPECT_TRUE(dump.signals.contains(signal)) << signal;
      }
    }
  }
}

TEST(Layout, HasOnlyWhatTheScopesShow) {
  const TemporaryFolder folder;
  record(folder / "a.fst", shape_of(16, 16, false), {"pe:4-9,2-3"});
  const std::string layout = content(folder / "a.gtkw");
  EXPECT_NE(layout.find("systol.pe.row_4.col_2.weight_4_2[7:0]"), std::string::npos);
  EXPECT_NE(layout.find("systol.pe.row_7.col_3.partial_sum_7_3[31:0]"), std::string::npos);
  EXPECT_EQ(layout.find("systol.ports"), std::string::npos);
  EXPECT_EQ(layout.find("systol.commands"), std::string::npos);
}

TEST(Layout, OfOutputStationaryHasTheirWayOut) {
  const TemporaryFolder folder;
  record(folder / "a.fst", shape_of(4, 4, true));
  const std::string layout = content(folder / "a.gtkw");
  EXPECT_NE(layout.find("drained_sum_0_0[31:0]"), std::string::npos);
  EXPECT_NE(layout.find("systol.ports.drain_valid"), std::string::npos);
  EXPECT_EQ(layout.find("shadow_0_0"), std::string::npos);
}

TEST(Layout, ThatSomebodyHasSavedStays) {
  const TemporaryFolder folder;
  std::ofstream(folder / "a.gtkw") << "[*] GTKWave Analyzer\nmine\n";
  record(folder / "a.fst", shape_of(4, 4, false));
  EXPECT_EQ(content(folder / "a.gtkw"), "[*] GTKWave Analyzer\nmine\n");
  record(folder / "b.fst", shape_of(4, 4, false));
  const std::string first = content(folder / "b.gtkw");
  record(folder / "b.fst", shape_of(2, 2, false));
  EXPECT_NE(content(folder / "b.gtkw"), first) << "ours follows the wave";
}

}  // namespace
}  // namespace systol
