// `systol run`: the report people and scripts read.
#include "tests/system/program.h"

namespace systol::test {
namespace {

class Run : public ProgramTest {
 protected:
  std::vector<std::string> demo(std::vector<std::string> more) const {
    std::vector<std::string> arguments{
        "run",      model("mnist_mlp"), "-c",      config("edge_16x16.yaml"),
        "--engine", "systemc",          "--input", digits(),
        "--labels", labels(),           "--limit", "20"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
};

TEST_F(Run, TheDemoClassifiesDigitsAndSaysSo) {
  const Ended ended = systol(demo({}));
  EXPECT_EQ(ended.status, kOk);
  EXPECT_EQ(ended.err, "");
  EXPECT_TRUE(
      has_line(ended.out,
               "mnist_mlp on edge-16x16 (16x16 int8, weight-stationary, 500 MHz), systemc engine"))
      << ended.out;
  EXPECT_TRUE(has_line(ended.out,
                       "20 samples in batches of 20: t10k-1000-images.idx3-ubyte.gz, 28x28, pixels "
                       "0..255 scaled to [0, 1], guessed from the 784 inputs"))
      << ended.out;
  // 20 rows of 128, 64 and 10 outputs, and the stored output once more.
  EXPECT_TRUE(has_line(ended.out,
                       "check: ok, 4 240 int8 values equal the independent reference bit for bit"))
      << ended.out;
  EXPECT_TRUE(has_line(ended.out, "accuracy on 20 samples: 100.0 % int8, 100.0 % float"))
      << ended.out;
  EXPECT_TRUE(files().empty()) << "nothing is written that was not asked for";
}

TEST_F(Run, TheJsonHasTheContractsFields) {
  ASSERT_EQ(systol(demo({"--json", "report.json"})).status, kOk);
  EXPECT_EQ(files(), (std::vector<std::string>{"report.json"}));
  const nlohmann::json report = json("report.json");
  for (const char* field :
       {"schema", "engine", "array", "model", "batch", "cycles", "seconds", "ledger", "utilisation",
        "energy_pj", "power_w", "check", "accuracy", "nodes", "commands", "tool"}) {
    EXPECT_TRUE(report.contains(field)) << field;
  }
  EXPECT_EQ(report["schema"], (nlohmann::json{{"name", "systol.run"}, {"version", 2}}));
  EXPECT_EQ(report["batch"], 20);
  EXPECT_EQ(report["check"]["compared"], 4240);
  EXPECT_EQ(report["check"]["mismatches"], 0);
  EXPECT_EQ(report["check"]["first_mismatch"], nullptr);
  EXPECT_EQ(report["accuracy"]["quantised"], 1.0);
  EXPECT_EQ(report["accuracy"]["float"], 1.0);
  EXPECT_EQ(report["macs"]["useful"], 20 * (784 * 128 + 128 * 64 + 64 * 10));
  EXPECT_EQ(report["array"]["rows"], 16);
  EXPECT_EQ(report["nodes"].size(), 3U);
  EXPECT_EQ(report["nodes"][1]["m"], 20);
  EXPECT_EQ(report["nodes"][1]["k"], 128);
  EXPECT_EQ(report["nodes"][1]["n"], 64);
  EXPECT_EQ(report["commands"]["matmul"], 49 * 8 + 8 * 4 + 4);
  EXPECT_EQ(report["tool"]["command"].get<std::string>().rfind("systol run ", 0), 0U);
}

TEST_F(Run, TheJsonsLedgersAndEnergiesAddUp) {
  ASSERT_EQ(systol(demo({"--json", "report.json"})).status, kOk);
  const nlohmann::json report = json("report.json");
  const auto sum = [](const nlohmann::json& parts) {
    std::uint64_t total = 0;
    for (const auto& part : parts) {
      total += part.get<std::uint64_t>();
    }
    return total;
  };
  EXPECT_EQ(sum(report["ledger"]), report["cycles"]);
  std::uint64_t cycles = 0;
  double energy = 0;
  for (const auto& layer : report["nodes"]) {
    EXPECT_EQ(sum(layer["ledger"]), layer["cycles"]);
    cycles += layer["cycles"].get<std::uint64_t>();
    energy += layer["energy_pj"]["total"].get<double>();
  }
  EXPECT_EQ(cycles, report["cycles"]);
  const double total = report["energy_pj"]["total"];
  EXPECT_NEAR(energy, total, 1e-9 * total);
  double components = 0;
  for (const auto& [name, picojoules] : report["energy_pj"].items()) {
    components += name == "total" ? 0 : picojoules.get<double>();
    EXPECT_TRUE(name == "total" || report["energy_sources"].contains(name)) << name;
  }
  EXPECT_NEAR(components, total, 1e-9 * total);
  const double seconds = report["seconds"];
  EXPECT_DOUBLE_EQ(seconds, report["cycles"].get<double>() / 500e6);
  EXPECT_NEAR(report["power_w"].get<double>(), total * 1e-12 / seconds, 1e-9);
}

TEST_F(Run, JsonToStandardOutputIsJsonAndNothingElse) {
  const Ended ended = systol(demo({"--json", "-"}));
  EXPECT_EQ(ended.status, kOk);
  EXPECT_EQ(ended.err, "");
  EXPECT_EQ(nlohmann::json::parse(ended.out)["model"], "mnist_mlp");
}

TEST_F(Run, TheSameCommandGivesTheSameBytes) { EXPECT_EQ(systol(demo({})), systol(demo({}))); }

TEST_F(Run, AWorkloadOfSizesRunsOnSyntheticInputAndSaysSo) {
  write_array();
  write_workload();
  const Ended ended = systol({"run", "net.yaml", "-c", "array.yaml", "--engine", "systemc"});
  EXPECT_EQ(ended.status, kOk);
  EXPECT_TRUE(
      has_line(ended.out, "1 sample in batches of 1: synthetic input, seed 3 (no --input given)"))
      << ended.out;
  // 11 and 4 values, 4 probabilities, 4 stored.
  EXPECT_TRUE(
      has_line(ended.out, "check: ok, 23 int8 values equal the independent reference bit for bit"))
      << ended.out;
}

TEST_F(Run, BatchDecidesHowManySamplesGoTogetherButNotWhatComesOut) {
  write_array();
  write_workload();
  for (const std::string batch : {"1", "2", "9"}) {
    const Ended ended = systol({"run", "net.yaml", "-c", "array.yaml", "--engine", "systemc",
                                "--limit", "9", "--batch", batch, "--json", "r.json"});
    EXPECT_EQ(ended.status, kOk);
    EXPECT_EQ(json("r.json")["batch"], std::stoi(batch));
    EXPECT_EQ(json("r.json")["samples"], 9);
    EXPECT_EQ(json("r.json")["check"]["compared"], 9 * 23);
  }
}

TEST_F(Run, WithoutACheckTheReportSaysThatThereWasNone) {
  write_array();
  write_workload();
  const Ended ended =
      systol({"run", "net.yaml", "-c", "array.yaml", "--engine", "systemc", "--no-check"});
  EXPECT_EQ(ended.status, kOk);
  EXPECT_TRUE(has_line(ended.out, "check: skipped")) << ended.out;
  EXPECT_EQ(ended.out.find("check: ok"), std::string::npos);
}

TEST_F(Run, SetChangesOneKeyOfTheArray) {
  write_array();
  write_workload();
  ASSERT_EQ(systol({"run", "net.yaml", "-c", "array.yaml", "--engine", "systemc", "--set",
                    "array.rows=4", "--set", "clock=250 MHz", "--json", "r.json"})
                .status,
            kOk);
  EXPECT_EQ(json("r.json")["array"]["rows"], 4);
  EXPECT_EQ(json("r.json")["array"]["columns"], 5);
  EXPECT_EQ(json("r.json")["array"]["clock_hz"], 250'000'000);
}

TEST_F(Run, ShowFiltersWritesThePictureItNames) {
  const Ended ended = systol({"run", model("mnist_linear_softmax"), "-c", config("edge_8x8.yaml"),
                              "--engine", "systemc", "--show", "filters=eight.png"});
  EXPECT_EQ(ended.status, kOk);
  EXPECT_EQ(ended.err, "systol: wrote eight.png: what each output looks for\n");
  EXPECT_EQ(files(), (std::vector<std::string>{"eight.png"}));
  EXPECT_EQ(content("eight.png").substr(1, 3), "PNG");
}

}  // namespace
}  // namespace systol::test
