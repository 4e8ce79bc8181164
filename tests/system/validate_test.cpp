// `systol validate` in a process of its own.
#include <sstream>

#include "tests/system/program.h"

namespace systol::test {
namespace {

class Validate : public ProgramTest {};

TEST_F(Validate, ASuiteHasToBeNamed) {
  const Ended none = systol({"validate"});
  EXPECT_EQ(none.status, kWrongInput);
  EXPECT_EQ(none.out, "");
  const Ended help = systol({"help", "validate", "gemmini"});
  EXPECT_EQ(help.status, kOk);
  EXPECT_NE(help.out.find("configs/validation/gemmini"), std::string::npos) << help.out;
}

TEST_F(Validate, AnArrayThatTheLayersDoNotFitIsRefused) {
  EXPECT_EQ(systol({"validate", "gemmini", "--set", "array.rows=64", "--set", "array.columns=64",
                    "--set", "weight_fifo.tiles=64", "--threads", "1"}),
            error(kWrongInput,
                  "weight_fifo.tiles: 64 tiles of 4096 bytes do not fit the 110592 bytes of "
                  "scratchpad of dense 128x768x768"));
}

TEST_F(Validate, PublishedPowersAreBesideOurs) {
  const Ended text = systol({"validate", "energy", "--json", "e.json"});
  EXPECT_EQ(text.status, kOk) << text.err;
  EXPECT_NE(text.out.find("CNN0 for 10 % of the time"), std::string::npos) << text.out;
  const nlohmann::json rows = json("e.json")["rows"];
  ASSERT_EQ(rows.size(), 22U);
  for (const nlohmann::json& row : rows) {
    EXPECT_NEAR(row["ratio"].get<double>(),
                row["systol"].get<double>() / row["published"].get<double>(), 1e-9);
  }
}

TEST_F(Validate, TheFirstTpusTablesAreBesideOurs) {
  const Ended text =
      systol({"validate", "tpu-v1", "--json", "t.json"}, {{"COLUMNS=80"}, "", 0, 0, ""});
  EXPECT_EQ(text.status, kOk) << text.err;
  EXPECT_EQ(text.err, "");
  std::istringstream lines(text.out);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 80U) << line;
  }
  EXPECT_NE(text.out.find("not shown in this width: input stall, RAW stall, useful MACs\n"),
            std::string::npos)
      << text.out;
  EXPECT_NE(text.out.find("Of all cycles, beside table 3"), std::string::npos) << text.out;
  const nlohmann::json report = json("t.json");
  EXPECT_EQ(report["schema"]["name"], "systol.validate.tpu-v1");
  EXPECT_EQ(report["workloads"].size(), 6U);
  for (const nlohmann::json& workload : report["workloads"]) {
    double sum = 0;
    for (const auto& share : workload["shares"]) {
      sum += share.get<double>();
    }
    EXPECT_NEAR(sum, 1, 1e-9) << workload["name"];
  }
  EXPECT_EQ(report["workloads"][0]["published_shares"]["array_active"], 0.127);
}

TEST_F(Validate, AllMachinesAreOnOneScoreboard) {
  const Ended text = systol({"validate", "all", "--json", "all.json"});
  EXPECT_EQ(text.status, kOk) << text.err;
  EXPECT_EQ(text.err, "");
  const nlohmann::json board = json("all.json");
  EXPECT_EQ(board["schema"]["name"], "systol.validate.all");
  std::vector<std::string> machines;
  std::size_t rows = 0;
  for (const nlohmann::json& machine : board["machines"]) {
    machines.push_back(machine["machine"]);
    rows += machine["rows"].get<std::size_t>();
  }
  EXPECT_EQ(machines,
            (std::vector<std::string>{"first TPU, table 3", "first TPU, figure 11", "Gemmini",
                                      "tinyTPU", "first TPU, power", "GAP9, power",
                                      "Eyeriss, power", "NVDLA, area", "Simba, power"}));
  EXPECT_EQ(rows, board["rows"].size());
  EXPECT_EQ(board["machines"][2]["rows"], 144);
  EXPECT_EQ(board["machines"][2]["scale_sim_rows"], 144);
}

}  // namespace
}  // namespace systol::test
