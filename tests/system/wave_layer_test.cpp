// `systol run --wave-layer`: the wave of one layer without a clocked run up to it.
#include "tests/system/program.h"

namespace systol::test {
namespace {

class WaveLayer : public ProgramTest {
 protected:
  Ended run(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"run", "net.yaml", "-c", "array.yaml"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return systol(arguments);
  }
  /// The first and the last cycle that the report's note names.
  static std::pair<std::string, std::string> shown_cycles(const std::string& out) {
    const std::string before = "note: the wave shows cycles ";
    const std::size_t from = out.find(before);
    EXPECT_NE(from, std::string::npos) << out;
    std::istringstream rest(out.substr(from == std::string::npos ? 0 : from + before.size()));
    std::string first;
    std::string to;
    std::string last;
    rest >> first >> to >> last;
    return {first, last};
  }
};

TEST_F(WaveLayer, IsThatOfAWholeRun) {
  const std::vector<std::string> demo{
      "run",     model("mnist_mlp"), "-c",      config("edge_8x8.yaml"),
      "--input", digits(),           "--limit", "2"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), demo.begin(), demo.end());
    return systol(more);
  };
  const Ended windowed =
      with({"--wave", "part.vcd", "--wave-layer", "1", "--wave-engine", "systemc"});
  ASSERT_EQ(windowed.status, kOk) << windowed.err;
  const auto [from, to] = shown_cycles(windowed.out);
  const Ended whole =
      with({"--engine", "systemc", "--wave", "whole.vcd", "--wave-from", from, "--wave-to", to});
  ASSERT_EQ(whole.status, kOk) << whole.err;
  EXPECT_GT(content("part.vcd").size(), 10'000U);
  EXPECT_TRUE(content("part.vcd") == content("whole.vcd")) << from << " to " << to;
  EXPECT_EQ(files(),
            (std::vector<std::string>{"part.gtkw", "part.vcd", "whole.gtkw", "whole.vcd"}));
}

TEST_F(WaveLayer, IsThatOfAWholeRunForEachDataflowAndTile) {
  write_array();
  write_workload();
  for (const std::string dataflow :
       {"weight_stationary", "output_stationary", "input_stationary"}) {
    const std::string set = "array.dataflow=" + dataflow;
    const Ended windowed =
        run({"--set", set, "--limit", "4", "--wave", "part.vcd", "--wave-scope", "all",
             "--wave-layer", "dense_2", "--wave-tile", "1", "--wave-engine", "systemc"});
    ASSERT_EQ(windowed.status, kOk) << dataflow << ": " << windowed.err;
    const auto [from, to] = shown_cycles(windowed.out);
    ASSERT_EQ(run({"--set", set, "--limit", "4", "--engine", "systemc", "--wave", "whole.vcd",
                   "--wave-scope", "all", "--wave-from", from, "--wave-to", to})
                  .status,
              kOk);
    EXPECT_TRUE(content("part.vcd") == content("whole.vcd")) << dataflow;
  }
}

TEST_F(WaveLayer, ReportsWhatTheFastEngineReports) {
  write_array();
  write_workload();
  const auto report = [&](std::vector<std::string> more) {
    more.insert(more.end(), {"--limit", "4", "--json", "-"});
    nlohmann::json json = nlohmann::json::parse(run(more).out);
    json.erase("tool");
    json.erase("notes");
    return json;
  };
  EXPECT_EQ(report({"--wave", "w.vcd", "--wave-layer", "0", "--wave-engine", "systemc"}),
            report({}));
}

TEST_F(WaveLayer, OptionsThatDoNotGoTogetherAreRefusedAndLeaveNoFile) {
  write_array();
  write_workload();
  const std::vector<std::string> before = files();
  const std::string needs_file =
      "--wave-from, --wave-to, --wave-layer and --wave-scope need --wave FILE";
  const std::string needs_layer = "--wave-tile and --wave-engine need --wave-layer";
  const std::string which = "--wave-layer says which cycles: not with --wave-from or --wave-to";
  const auto refused = [&](const std::vector<std::string>& more, const std::string& message) {
    EXPECT_EQ(run(more), error(kWrongInput, message));
    EXPECT_EQ(files(), before);
  };
  refused({"--wave-layer", "1"}, needs_file);
  refused({"--wave", "w.vcd", "--wave-tile", "1"}, needs_layer);
  refused({"--wave", "w.vcd", "--wave-engine", "systemc"}, needs_layer);
  refused({"--wave", "w.vcd", "--wave-layer", "1", "--wave-from", "3"}, which);
  refused({"--wave", "w.vcd", "--wave-layer", "1", "--wave-to", "3"}, which);
  for (const std::string engine : {"rtl", "systemc"}) {
    refused({"--wave", "w.vcd", "--wave-layer", "1", "--engine", engine},
            "--wave-layer needs --engine fast; " + engine +
                " has all cycles: see --wave-from and --wave-to");
  }
  refused({"--wave", "w.vcd", "--wave-layer", "1", "--no-data"},
          "--no-data with --wave-layer: the wave shows data");
}

TEST_F(WaveLayer, ALayerOrTileThatIsNotThereIsRefusedAndLeavesNoFile) {
  write_array();
  write_workload();
  const std::vector<std::string> before = files();
  EXPECT_EQ(
      run({"--wave", "w.vcd", "--wave-layer", "fc", "--wave-engine", "systemc"}),
      error(kWrongInput,
            "--wave-layer: layer 'fc': there is no such layer; there are 3: dense_1, dense_2, "
            "dense_2.softmax"));
  // 7 x 11 weights are 3 x 3 tiles of 3 x 5.
  EXPECT_EQ(
      run({"--wave", "w.vcd", "--wave-layer", "0", "--wave-tile", "9", "--wave-engine", "systemc"}),
      error(kWrongInput, "--wave-tile: layer '0', tile 9: the layer has 9 tiles, 0 to 8"));
  EXPECT_EQ(files(), before);
}

}  // namespace
}  // namespace systol::test
