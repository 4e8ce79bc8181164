// A run as a page: the file that --report writes.
#include "tests/system/program.h"

namespace systol::test {
namespace {

class Report : public ProgramTest {
 protected:
  Report() {
    write_array();
    write_workload();
  }
  Ended run(std::vector<std::string> more) {
    std::vector<std::string> words = {"run", "net.yaml", "-c", "array.yaml"};
    words.insert(words.end(), more.begin(), more.end());
    return systol(words);
  }
  /// What the page's script reads.
  nlohmann::json page(const std::string& name) const {
    const std::string html = content(name);
    const std::string begin = "<script type=\"application/json\" id=\"page-content\">";
    const std::size_t from = html.find(begin) + begin.size();
    return nlohmann::json::parse(html.substr(from, html.find("</script>", from) - from));
  }
};

TEST_F(Report, HasTheFiguresOfTheJson) {
  ASSERT_EQ(run({"--report", "r.html", "--json", "r.json"}).status, kOk);
  const nlohmann::json report = json("r.json");
  const nlohmann::json data = page("r.html")["data"];
  ASSERT_EQ(data["layers"]["rows"].size(), report["nodes"].size());
  for (std::size_t i = 0; i < report["nodes"].size(); ++i) {
    EXPECT_EQ(data["layers"]["rows"][i][1], report["nodes"][i]["name"]);
    EXPECT_EQ(data["layers"]["rows"][i][4], report["nodes"][i]["cycles"]);
    EXPECT_EQ(data["layers"]["rows"][i][10], report["nodes"][i]["energy_pj"]["total"]);
  }
  for (const auto& row : data["classes"]["rows"]) {
    EXPECT_EQ(row[2], report["ledger"][row[0].get<std::string>()]);
  }
}

TEST_F(Report, TheUsefulCyclesOfAllPesAreTheMacsOfTheRun) {
  for (const char* dataflow : {"weight_stationary", "output_stationary", "input_stationary"}) {
    ASSERT_EQ(run({"--report", "r.html", "--json", "r.json", "--set",
                   std::string("array.dataflow=") + dataflow})
                  .status,
              kOk);
    const nlohmann::json report = json("r.json");
    const nlohmann::json pes = page("r.html")["data"]["pes"]["rows"];
    double macs = 0;
    for (const auto& pe : pes) {
      macs += pe[4].get<double>() * report["cycles"].get<double>();
    }
    EXPECT_DOUBLE_EQ(macs, report["actions"]["macs_useful"].get<double>()) << dataflow;
  }
}

TEST_F(Report, TheSameRunGivesTheSameBytesAndTheSameTable) {
  const Ended without = run({});
  ASSERT_EQ(run({"--report", "r.html"}), without);
  const std::string first = content("r.html");
  ASSERT_EQ(run({"--report", "r.html"}), without);
  EXPECT_EQ(content("r.html"), first);
}

TEST_F(Report, HasTheCommandThatMadeIt) {
  ASSERT_EQ(run({"--no-data", "--report", "r.html"}).status, kOk);
  EXPECT_NE(content("r.html").find("<code>systol run net.yaml -c array.yaml --no-data --report "
                                   "r.html</code>"),
            std::string::npos);
}

TEST_F(Report, NamesOfATopologyStayText) {
  folder_.write("net.csv", "Layer, M, N, K,\n</script><script>alert(1)</script>, 8, 9, 7,\n");
  ASSERT_EQ(systol({"run", "net.csv", "-c", "array.yaml", "--report", "r.html"}).status, kOk);
  EXPECT_EQ(content("r.html").find("<script>alert"), std::string::npos);
  EXPECT_EQ(page("r.html")["data"]["layers"]["rows"][0][1], "</script><script>alert(1)</script>");
}

TEST_F(Report, AProgramHasNone) {
  ASSERT_EQ(systol({"compile", "net.yaml", "-c", "array.yaml", "-o", "net.tpu"}).status, kOk);
  EXPECT_EQ(systol({"run", "net.tpu", "-c", "array.yaml", "--report", "r.html"}),
            error(kWrongInput, "net.tpu: --report needs a model, and this is a program"));
}

TEST_F(Report, AFileThatCannotBeWrittenIsRefusedBeforeTheRun) {
  const Ended ended = run({"--report", "nowhere/r.html"});
  EXPECT_EQ(ended.status, kWrongEnvironment);
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(run({"--report", "net.yaml"}).status, kWrongInput);
  EXPECT_EQ(run({"--report", "r", "--json", "r"}).status, kWrongInput);
}

TEST_F(Report, AFullDiskLeavesNoPartOfAPage) {
  Setting full;
  full.largest_file = 100'000;
  const Ended ended = systol({"run", "net.yaml", "-c", "array.yaml", "--report", "r.html"}, full);
  EXPECT_EQ(ended.status, kWrongEnvironment);
  EXPECT_EQ(files(), (std::vector<std::string>{"array.yaml", "net.yaml"}));
}

TEST_F(Report, ShowsTheTileThatIsAskedFor) {
  ASSERT_EQ(systol({"run", "16x10", "-c", "array.yaml", "--report", "r.html"}).status, kOk);
  const std::string first = content("r.html");
  ASSERT_EQ(systol({"run", "16x10", "-c", "array.yaml", "--report", "r.html", "--report-layer",
                    "dense_1", "--report-tile", "1"})
                .status,
            kOk);
  EXPECT_NE(content("r.html"), first);
}

TEST_F(Report, ATileThatThereIsNotIsRefused) {
  EXPECT_EQ(run({"--report-layer", "0"}), error(kWrongInput, "--report-layer needs --report FILE"));
  EXPECT_EQ(run({"--report", "r.html", "--report-tile", "0"}),
            error(kWrongInput, "--report-tile needs --report-layer"));
  EXPECT_EQ(run({"--report", "r.html", "--no-data", "--report-layer", "0"}),
            error(kWrongInput, "--no-data with --report-layer: the registers hold no values"));
  EXPECT_EQ(run({"--report", "r.html", "--report-layer", "none"}).status, kWrongInput);
  EXPECT_EQ(std::ranges::count(files(), "r.html"), 0);
}

}  // namespace
}  // namespace systol::test
