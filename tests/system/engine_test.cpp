// One program, several engines, one answer.
#include "tests/system/program.h"

namespace systol::test {
namespace {

class Engines : public ProgramTest {
 protected:
  /// The JSON of a run, without what may differ between engines.
  nlohmann::json report(const std::string& engine, const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"run",      "net.yaml", "-c",     "array.yaml",
                                       "--engine", engine,     "--json", "-"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ended ended = systol(arguments);
    EXPECT_EQ(ended.status, kOk) << engine << ": " << ended.err;
    nlohmann::json json = nlohmann::json::parse(ended.out);
    EXPECT_EQ(json["engine"], engine);
    EXPECT_EQ(json["check"]["mismatches"], 0);
    json.erase("engine");
    json.erase("tool");
    return json;
  }
};

TEST_F(Engines, RtlAndSystemcAndFastReportTheSame) {
  write_array();
  write_workload();
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{}, {"--limit", "17"}, {"--limit", "5", "--batch", "2"}}) {
    const nlohmann::json systemc = report("systemc", more);
    EXPECT_GT(systemc["cycles"], 0);
    EXPECT_EQ(report("rtl", more), systemc);
    EXPECT_EQ(without_estimates(report("fast", more)), without_estimates(systemc));
    EXPECT_NEAR(report("fast", more)["energy_pj"]["total"].get<double>(),
                systemc["energy_pj"]["total"].get<double>(),
                0.01 * systemc["energy_pj"]["total"].get<double>());
  }
}

TEST_F(Engines, TheyAgreeWithASlowMemoryToo) {
  write_array("array.yaml", "weight_fifo: {tiles: 1}\n");
  write_workload();
  const std::vector<std::string> more{"--limit", "6",
                                      "--set",   "memory.dram.bandwidth=700 MB/s",
                                      "--set",   "memory.dram.latency=37 ns"};
  const nlohmann::json systemc = report("systemc", more);
  EXPECT_GT(systemc["ledger"]["weight_stall"], 0);
  EXPECT_EQ(report("rtl", more), systemc);
  EXPECT_EQ(without_estimates(report("fast", more)), without_estimates(systemc));
}

TEST_F(Engines, TheyAgreeWithADramToo) {
  write_array();
  write_workload();
  const std::vector<std::string> more{"--limit", "6",
                                      "--set",   "memory.dram.model=ddr4",
                                      "--set",   "memory.dram.timing.tREFI=500 ns"};
  const nlohmann::json systemc = report("systemc", more);
  EXPECT_GT(systemc["actions"]["weights_row_hits"], 0);
  EXPECT_GT(systemc["actions"]["activations_refreshes"].get<int>() +
                systemc["actions"]["weights_refreshes"].get<int>(),
            0);
  EXPECT_EQ(report("rtl", more), systemc);
  EXPECT_EQ(without_estimates(report("fast", more)), without_estimates(systemc));
}

}  // namespace
}  // namespace systol::test
