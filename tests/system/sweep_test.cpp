// Sweeps as a whole: killed, without room, with points that fail, on engines with a clock.
#include <csignal>
#include <sstream>

#include "tests/host/page_content.h"
#include "tests/system/program.h"

namespace systol::test {
namespace {

class SweepRun : public ProgramTest {
 protected:
  SweepRun() { write_array(); }

  void write_plan(const std::string& more) const {
    folder_.write("plan.yaml", "models: [20x10]\narrays: [array.yaml]\n" + more);
  }
  std::vector<nlohmann::json> lines(const std::string& file) const {
    std::vector<nlohmann::json> rows;
    std::istringstream in(content(file));
    for (std::string line; std::getline(in, line);) {
      rows.push_back(nlohmann::json::parse(line));
    }
    return rows;
  }
};

TEST_F(SweepRun, ARowIsTheRunAlone) {
  write_plan("parameters: {array.rows: [4, 8], dma.outstanding: [1, 2]}\nbatch: 3\n");
  const Ended ended = systol({"sweep", "plan.yaml", "--json-lines", "r.jsonl", "--csv", "r.csv"});
  ASSERT_EQ(ended.status, kOk) << ended.err;
  EXPECT_EQ(ended.err, "");
  EXPECT_EQ(ended.out.rfind("4 points, 0 of them from before, 0 failed in this run: plan.db\n", 0),
            0U)
      << ended.out;
  const std::vector<nlohmann::json> rows = lines("r.jsonl");
  ASSERT_EQ(rows.size(), 4U);
  ASSERT_EQ(systol({"run", "20x10", "-c", "array.yaml", "--no-data", "--batch", "3", "--set",
                    "array.rows=8", "--set", "dma.outstanding=1", "--json", "run.json"})
                .status,
            kOk);
  EXPECT_EQ(rows[2]["settings"], (nlohmann::json{{"array.rows", "8"}, {"dma.outstanding", "1"}}));
  EXPECT_EQ(rows[2]["cycles"], json("run.json")["cycles"]);
  EXPECT_EQ(rows[2]["energy_pj"], json("run.json")["energy_pj"]["total"]);
  EXPECT_NE(content("r.csv").find(",8,1\n"), std::string::npos);
}

TEST_F(SweepRun, CsvSaysWhichRowsAreOnTheFront) {
  write_plan("parameters: {array.rows: [8, 4]}\nobjectives: [area]\n");  // fewer PEs are smaller
  ASSERT_EQ(systol({"sweep", "plan.yaml", "--csv", "r.csv"}).status, kOk);
  EXPECT_NE(content("r.csv").find(",false,,,8\n"), std::string::npos) << content("r.csv");
  EXPECT_NE(content("r.csv").find(",true,,,4\n"), std::string::npos) << content("r.csv");
}

TEST_F(SweepRun, AReportShowsTheRowsOfAFinishedSweepToo) {
  write_plan("parameters: {array.rows: [8, 4]}\n");
  ASSERT_EQ(systol({"sweep", "plan.yaml"}).status, kOk);
  const Ended ended = systol({"sweep", "plan.yaml", "--report", "r.html"});
  ASSERT_EQ(ended.status, kOk) << ended.err;
  EXPECT_EQ(ended.out.rfind("2 points, 2 of them from before, 0 failed in this run: plan.db\n", 0),
            0U);
  const nlohmann::ordered_json page = page_content(content("r.html"));
  EXPECT_EQ(page_value(page, "rows-0", 0, "array.rows"), "8");
  EXPECT_EQ(page_value(page, "rows-0", 1, "size"), "4 × 5");
  EXPECT_NE(content("r.html").find("systol sweep plan.yaml --report r.html"), std::string::npos);
}

TEST_F(SweepRun, APointThatFailsIsARowAndIsNotDoneTwice) {
  write_plan("parameters: {array.rows: [0, 4]}\n");
  ASSERT_EQ(systol({"sweep", "plan.yaml", "--json-lines", "r.jsonl"}).status, kOk);
  const std::vector<nlohmann::json> rows = lines("r.jsonl");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0]["status"], "failed");
  EXPECT_EQ(rows[0]["error"], "array.rows=0: array.rows: found '0', allowed: 1 to 1024");
  EXPECT_EQ(rows[1]["status"], "done");
  EXPECT_EQ(systol({"sweep", "plan.yaml"})
                .out.rfind("2 points, 2 of them from before, 0 failed in this run: plan.db\n", 0),
            0U);
  EXPECT_EQ(systol({"sweep", "plan.yaml", "--retry-failed"})
                .out.rfind("2 points, 1 of them from before, 1 failed in this run: plan.db\n", 0),
            0U);
}

TEST_F(SweepRun, OneThatIsKilledGoesOnToTheSameRows) {
  const std::string plan = "parameters: {memory.dram.latency: {from: 1 ns, to: 400 ns}}\n";
  write_plan(plan);
  ASSERT_EQ(systol({"sweep", "plan.yaml", "--results", "whole.db", "--csv", "whole.csv"}).status,
            kOk);
  const Ended killed = systol({"sweep", "plan.yaml"}, {{}, "", 0, SIGKILL, "plan.db-wal"});
  ASSERT_EQ(killed.status, 128 + SIGKILL);
  ASSERT_EQ(systol({"sweep", "plan.yaml", "--csv", "killed.csv"}).status, kOk);
  EXPECT_EQ(content("killed.csv"), content("whole.csv"));
}

TEST_F(SweepRun, AFullDiskKeepsWhatIsFinished) {
  write_plan("parameters: {memory.dram.latency: {from: 1 ns, to: 400 ns}}\n");
  const Ended full = systol({"sweep", "plan.yaml"}, {{}, "", 60'000, 0, ""});
  EXPECT_EQ(full.status, kWrongEnvironment) << full.err;
  EXPECT_EQ(full.err.rfind("systol: error: plan.db: cannot write: ", 0), 0U) << full.err;
  EXPECT_NE(full.err.find("; points that are finished are kept\n"), std::string::npos);
  const Ended rest = systol({"sweep", "plan.yaml", "--csv", "rest.csv"});
  ASSERT_EQ(rest.status, kOk) << rest.err;
  EXPECT_EQ(rest.out.rfind("400 points, 0 of them", 0), std::string::npos) << rest.out;
  ASSERT_EQ(systol({"sweep", "plan.yaml", "--results", "b.db", "--csv", "whole.csv"}).status, kOk);
  EXPECT_EQ(content("rest.csv"), content("whole.csv"));
}

TEST_F(SweepRun, ThreadsChangeNoRow) {
  write_plan("parameters: {array.rows: {from: 2, to: 9}, array.columns: {from: 2, to: 9}}\n");
  ASSERT_EQ(systol({"sweep", "plan.yaml", "--threads", "1", "--csv", "a.csv"}).status, kOk);
  ASSERT_EQ(systol({"sweep", "plan.yaml", "--threads", "3", "--results", "b.db", "--csv", "b.csv"})
                .status,
            kOk);
  EXPECT_EQ(content("a.csv"), content("b.csv"));
}

TEST_F(SweepRun, EnginesWithAClockRunInProcessesOfTheirOwn) {
  write_plan("parameters: {array.rows: [0, 3, 4]}\nengine: systemc\n");
  const Ended ended = systol({"sweep", "plan.yaml", "--threads", "2", "--json-lines", "c.jsonl"});
  ASSERT_EQ(ended.status, kOk) << ended.err;
  write_plan("parameters: {array.rows: [0, 3, 4]}\ndata: true\n");
  ASSERT_EQ(systol({"sweep", "plan.yaml", "--results", "f.db", "--json-lines", "f.jsonl"}).status,
            kOk);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(lines("c.jsonl")[i]["cycles"], lines("f.jsonl")[i]["cycles"]);
    EXPECT_EQ(lines("c.jsonl")[i]["error"], lines("f.jsonl")[i]["error"]);
  }
  EXPECT_EQ(lines("c.jsonl")[1]["check"], "ok");
  EXPECT_EQ(lines("c.jsonl")[1]["engine"], "systemc");
}

TEST_F(SweepRun, PointsRunInRtlAsInTheModel) {
  const std::string points = "parameters: {memory.dram.latency: [0 ns, 30 ns]}\nengine: ";
  for (const std::string engine : {"rtl", "systemc"}) {
    write_plan(points + engine + "\n");
    const Ended ended =
        systol({"sweep", "plan.yaml", "--results", engine + ".db", "--json-lines", engine});
    ASSERT_EQ(ended.status, kOk) << ended.err;
  }
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(lines("rtl")[i]["engine"], "rtl");
    EXPECT_EQ(lines("rtl")[i]["check"], "ok");
    EXPECT_EQ(lines("rtl")[i]["cycles"], lines("systemc")[i]["cycles"]);
  }
  EXPECT_LT(lines("rtl")[0]["cycles"], lines("rtl")[1]["cycles"]);
}

TEST_F(SweepRun, AnotherPlansResultsAreRefused) {
  write_plan("");
  ASSERT_EQ(systol({"sweep", "plan.yaml"}).status, kOk);
  write_plan("batch: 2\n");
  const Ended ended = systol({"sweep", "plan.yaml"});
  EXPECT_EQ(ended.status, kWrongInput);
  EXPECT_EQ(ended.err.rfind("systol: error: plan.db: results of another sweep (plan.yaml)", 0), 0U)
      << ended.err;
}

TEST_F(SweepRun, AKeyThatNoArrayHasIsRefusedBeforeAnythingRuns) {
  const auto refused = [&](const std::string& more, const std::string& message) {
    write_plan(more);
    EXPECT_EQ(systol({"sweep", "plan.yaml"}), error(kWrongInput, "plan.yaml:" + message));
    EXPECT_FALSE(std::filesystem::exists(folder_.path("plan.db")));
  };
  refused("parameters:\n  array.rows: [0, 4]\n  array.rwos: [8, 16]\n",
          "5:3: unknown key 'array.rwos' (did you mean 'rows'?); allowed: rows, columns, dataflow, "
          "tile_use, pe, clock_gating");
  refused("parameters: {'array.rows:dma.outstandin': [[4, 1]]}\n",
          "3:14: unknown key 'dma.outstandin' (did you mean 'outstanding'?); allowed: outstanding");
  refused("set: {clock.rate: 1 GHz}\n", "3:7: 'clock' is not a map, so it has no key 'rate' (see " +
                                            folder_.path("array.yaml").string() + ":2:8)");
  refused("set: {memory.drma.latency: 1 ns}\n",
          "3:7: unknown key 'memory.drma.latency' (did you mean 'dram'?); memories of the arrays: "
          "dram");
}

TEST_F(SweepRun, APlanWithoutAPointIsRefused) {
  write_plan("parameters: {array.rows: [4]}\nwhere: [array.rows > 4]\n");
  EXPECT_EQ(systol({"sweep", "plan.yaml"}),
            error(kWrongInput, "plan.yaml: where: no point meets the conditions"));
}

}  // namespace
}  // namespace systol::test
