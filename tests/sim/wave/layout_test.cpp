// The GTKWave layouts in traces/ name signals that a wave of their array has.
#include <gtest/gtest.h>

#include <fstream>

#include "sim/wave/unit_wave.h"
#include "tests/sim/wave/fake_unit.h"
#include "tests/sim/wave/fst2vcd.h"

namespace systol {
namespace {

struct Layout {
  const char* name;
  UnitShape shape;
};

std::vector<std::string> signals_of(const std::filesystem::path& layout) {
  std::vector<std::string> signals;
  std::ifstream in(layout);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("systol.")) {
      signals.push_back(line);
    }
  }
  return signals;
}

class Layouts : public testing::TestWithParam<Layout> {};
INSTANTIATE_TEST_SUITE_P(All, Layouts,
                         testing::Values(Layout{"edge_8x8", {8, 8, 4}},
                                         Layout{"edge_16x16", {16, 16, 4}},
                                         Layout{"mid_32x32", {32, 32, 4}},
                                         Layout{"big_128x128", {128, 128, 4}},
                                         Layout{"tpu_v1", {256, 256, 4}}),
                         [](const auto& test) { return std::string(test.param.name); });

TEST_P(Layouts, NameSignalsThatADefaultWaveHas) {
  const Layout& layout = GetParam();
  const TemporaryFolder folder;
  FakeUnit unit(layout.shape);
  UnitWave wave({.path = folder / "a.fst", .scopes = {}}, layout.shape, Hertz(1'000'000'000));
  wave.sample(Cycles(0), {}, {}, unit, {}, "idle");
  wave.close();
  const Dump dump = read_dump(folder / "a.fst");
  const auto signals =
      signals_of(std::filesystem::path(SYSTOL_TRACES) / (std::string(layout.name) + ".gtkw"));
  EXPECT_GT(signals.size(), 30U);
  for (const std::string& signal : signals) {
    EXPECT_TRUE(dump.signals.contains(signal)) << signal;
  }
}

}  // namespace
}  // namespace systol
