// `systol run` for those who come from SCALE-Sim.
#include <fstream>
#include <sstream>

#include "tests/system/program.h"

namespace systol::test {
namespace {

class ScaleSim : public ProgramTest {
 protected:
  ScaleSim() {
    folder_.write("t.csv", "Layer,M,N,K,\nfc1,64,512,784,\nfc2,64,256,512,\nfc3,64,10,256,\n");
  }

  void write_cfg(const std::string& dataflow) const {
    folder_.write(
        "a.cfg",
        "[general]\nrun_name = run\n[architecture_presets]\nArrayHeight: 128\n"
        "ArrayWidth: 128\nIfmapSramSzkB: 6144\nFilterSramSzkB: 1024\nOfmapSramSzkB: 2048\n"
        "Dataflow: " +
            dataflow + "\n");
  }

  Ended run(std::vector<std::string> more) const {
    more.insert(more.begin(), {"run", "t.csv", "-c", "a.cfg"});
    return systol(more);
  }
};

TEST_F(ScaleSim, ThePagesTableIsWhatItsCommandPrints) {
  std::ifstream page(std::string(SYSTOL_SOURCE_DIR) + "/docs/scale-sim.md");
  std::string line;
  while (std::getline(page, line) && !line.starts_with("    $ systol ")) {
  }
  std::istringstream words(line.substr(std::string("    $ systol ").size()));
  std::vector<std::string> arguments;
  for (std::string word; words >> word;) {
    const bool shipped = word.starts_with("configs/");
    arguments.push_back(shipped ? config(word.substr(std::string("configs/").size())) : word);
  }
  const Ended ended = systol(arguments);
  ASSERT_EQ(ended.status, kOk) << ended.err;
  int rows = 0;
  for (; std::getline(page, line) && line.starts_with("    "); ++rows) {
    EXPECT_TRUE(has_line(ended.out, line.substr(4))) << line << "\nis not in\n" << ended.out;
  }
  EXPECT_EQ(rows, 8);
}

TEST_F(ScaleSim, EveryCommandWithAnArrayTakesACfg) {
  write_cfg("ws");
  write_workload();
  EXPECT_EQ(systol({"compile", "net.yaml", "-c", "a.cfg", "-o", "p.tpu"}), (Ended{kOk, "", ""}));
  EXPECT_EQ(systol({"run", "p.tpu", "-c", "a.cfg"}).status, kOk);
  write_cfg("rs");
  const std::string message = "a.cfg:9:11: Dataflow: found 'rs', allowed: ws, os, is";
  EXPECT_EQ(systol({"compile", "net.yaml", "-c", "a.cfg"}), error(kWrongInput, message));
  EXPECT_EQ(systol({"rtl", "build", "a.cfg"}), error(kWrongInput, message));
}

TEST_F(ScaleSim, ATopologyRunsLayerByLayerAndIsChecked) {
  write_cfg("ws");
  const Ended ended = run({"--json", "r.json"});
  EXPECT_EQ(ended.status, kOk);
  EXPECT_EQ(ended.err, "");
  EXPECT_TRUE(
      has_line(ended.out, "t on run (128x128 int8, weight-stationary, 1000 MHz), fast engine"))
      << ended.out;
  // 64 rows of 512, 256 and 10 outputs, each once more as it is stored.
  EXPECT_TRUE(has_line(ended.out,
                       "check: ok, 99 584 int8 values equal the independent reference bit for bit"))
      << ended.out;
  const nlohmann::json report = json("r.json");
  EXPECT_FALSE(report.contains("estimate"));
  EXPECT_EQ(report["notes"],
            nlohmann::json::array({"a.cfg: SCALE-Sim has no clock; times, energies and bandwidths "
                                   "are at 1 GHz (key clock)"}));
  std::uint64_t cycles = 0;
  for (const nlohmann::json& layer : report["nodes"]) {
    cycles += layer["cycles"].get<std::uint64_t>();
  }
  EXPECT_EQ(report["cycles"], cycles);
}

TEST_F(ScaleSim, AllEnginesGiveTheSameReport) {
  write_cfg("ws");
  folder_.write("t.csv", "Layer,M,N,K\na,9,12,40\nb,1,3,5\n");
  const std::vector<std::string> small = {
      "--set", "array.rows=16", "--set", "array.columns=8", "--report-as", "scale-sim", "--engine"};
  std::vector<std::string> fast = small;
  fast.emplace_back("fast");
  std::vector<std::string> systemc = small;
  systemc.emplace_back("systemc");
  EXPECT_EQ(run(fast).status, kOk);
  EXPECT_EQ(run(fast), run(systemc));
}

TEST_F(ScaleSim, TheReportHasItsColumns) {
  write_cfg("ws");
  // Mapping efficiencies as SCALE-Sim reports them: 7 x 4 folds of 7/8, 1, 10/128.
  const std::string csv =
      "LayerID, Total Cycles, Stall Cycles, Overall Util %, Mapping Efficiency %, Compute Util %,\n"
      "0, 3857, 0, 40.6534, 87.5000, 40.6534,\n"
      "1, 1294, 0, 39.5672, 100.0000, 39.5672,\n"
      "2, 524, 0, 1.9084, 7.8125, 1.9084,\n";
  const Ended printed = run({"--report-as", "scale-sim"});
  EXPECT_EQ(printed, (Ended{kOk, csv, ""}));
  const Ended written = run({"--report-as", "scale-sim=COMPUTE_REPORT.csv"});
  EXPECT_EQ(written.status, kOk);
  EXPECT_EQ(content("COMPUTE_REPORT.csv"), csv);
  EXPECT_TRUE(written.out.starts_with("t on run (128x128")) << written.out;
}

TEST_F(ScaleSim, TheEstimateIsBesideOursInTextAndJson) {
  write_cfg("ws");
  const Ended ended = run({"--estimate", "scale-sim", "--json", "r.json"});
  EXPECT_EQ(ended.status, kOk);
  // 7 x 4 folds of 2 * 128 + 128 + 64 - 2 cycles, less 1, and so on.
  for (const char* line :
       {"layer       M x K x N  Systol  SCALE-Sim ws     os     is  ws / Systol",
        "fc1    64 x 784 x 512   3 857        12 487  4 151  6 257         3.24",
        "total                   5 675        16 945  6 191  9 591         2.99"}) {
    EXPECT_TRUE(has_line(ended.out, line)) << ended.out;
  }
  const nlohmann::json estimate = json("r.json")["estimate"];
  EXPECT_EQ(estimate["of"], "scale-sim");
  EXPECT_EQ(estimate["dataflow"], "weight_stationary");
  EXPECT_EQ(estimate["layers"][0]["cycles"]["weight_stationary"], 12487);
  EXPECT_EQ(estimate["cycles"]["input_stationary"], 9591);
}

TEST_F(ScaleSim, ANetworkHasAnEstimateToo) {
  write_array();
  write_workload();
  // 3 rows in batches of 2: 3 x 3 folds of 6 + 5 + 2 - 2, less 1, and of one row less, less 1.
  const Ended ended = systol({"run", "net.yaml", "-c", "array.yaml", "--limit", "3", "--batch", "2",
                              "--estimate", "scale-sim", "--json", "r.json"});
  EXPECT_EQ(ended.status, kOk) << ended.err;
  EXPECT_EQ(json("r.json")["estimate"]["layers"][0]["cycles"]["weight_stationary"],
            (9 * 11 - 1) + (9 * 10 - 1));
}

TEST_F(ScaleSim, EveryDataflowRunsBesideItsEstimate) {
  const std::vector<std::pair<std::string, std::string>> names = {
      {"ws", "weight_stationary"}, {"os", "output_stationary"}, {"is", "input_stationary"}};
  for (const auto& [short_name, name] : names) {
    write_cfg(short_name);
    const Ended ended = run({"--estimate", "scale-sim", "--json", "r.json"});
    ASSERT_EQ(ended.status, kOk) << ended.err;
    const nlohmann::json report = json("r.json");
    EXPECT_EQ(report["array"]["dataflow"], name);
    EXPECT_EQ(report["estimate"]["dataflow"], name);
    EXPECT_EQ(report["check"]["mismatches"], 0);
    EXPECT_EQ(report["estimate"]["cycles"]["output_stationary"], 6'191);
    EXPECT_EQ(report["estimate"]["cycles"]["input_stationary"], 9'591);
  }
}

TEST_F(ScaleSim, WhatDoesNotGoTogetherIsRefused) {
  write_cfg("ws");
  const std::string why =
      " needs a model, and this is a topology: shapes without values, whose M is the batch";
  EXPECT_EQ(run({"--batch", "4"}), error(kWrongInput, "t.csv: --batch" + why));
  EXPECT_EQ(run({"--limit", "4"}), error(kWrongInput, "t.csv: --limit" + why));
  EXPECT_EQ(run({"--input", digits()}), error(kWrongInput, "t.csv: --input" + why));
  EXPECT_EQ(run({"--show", "filters"}), error(kWrongInput, "t.csv: --show" + why));
  EXPECT_EQ(
      run({"--wave", "t.fst"}),
      error(kWrongInput,
            "t: a wave records one run, and each of the 3 layers is a run of its own: choose a "
            "layer"));
  EXPECT_EQ(run({"--resize", "4x4"}), error(kWrongInput, "t.csv: --resize" + why));
  EXPECT_EQ(run({"--report-as", "gem5"}),
            error(kWrongInput, "--report-as 'gem5': expected scale-sim or scale-sim=FILE"));
  EXPECT_EQ(run({"--estimate", "gem5"}),
            error(kWrongInput, "--estimate 'gem5': there is scale-sim"));
  folder_.write("t.csv", "Layer,M,N,K,Sparsity\nfc1,64,512,784,2:4\n");
  EXPECT_EQ(run({}), error(kWrongInput,
                           "t.csv:2:16: Sparsity: found '2:4', which the machine does not have "
                           "yet; allowed: dense layers, that is 1:1 or nothing"));
  EXPECT_TRUE(files() == (std::vector<std::string>{"a.cfg", "t.csv"}));
}

TEST_F(ScaleSim, AConfigBecomesAnArrayFile) {
  write_cfg("ws");
  const Ended shown = systol({"config", "show", "a.cfg", "--set", "clock=700 MHz"});
  EXPECT_EQ(shown.status, kOk);
  folder_.write("a.yaml", shown.out);
  EXPECT_EQ(systol({"config", "show", "a.yaml"}).out, shown.out);
  EXPECT_TRUE(has_line(shown.out, "unified_buffer: {capacity: 8 MiB, slices: 128}")) << shown.out;
  EXPECT_TRUE(has_line(shown.out, "clock: 700 MHz")) << shown.out;
}

}  // namespace
}  // namespace systol::test
