// A check that cannot fail is not a check: a broken PE is caught and located.
#include <sstream>

#include "tests/system/program.h"

namespace systol::test {
namespace {

class Fault : public ProgramTest {
 protected:
  Ended run_with(const std::string& engine, const std::string& fault,
                 const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"run",  "net.yaml", "-c", "array.yaml",     "--engine",
                                       engine, "--limit",  "8",  "--inject-fault", fault};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return systol(arguments);
  }
};

TEST_F(Fault, IsCaughtAndLocatedByBothClockedEngines) {
  write_array();
  write_workload();
  for (const std::string engine : {"systemc", "rtl"}) {
    const Ended ended = run_with(engine, "pe:1,3");
    EXPECT_EQ(ended.status, kWrongResult) << engine;
    EXPECT_EQ(ended.err, "") << engine;
    EXPECT_NE(ended.out.find("\ncheck: FAILED, "), std::string::npos) << ended.out;
    EXPECT_NE(ended.out.find("\n  first: node dense_1, command "), std::string::npos) << ended.out;
    EXPECT_NE(ended.out.find(" (PE column 3) is "), std::string::npos) << ended.out;
    EXPECT_TRUE(has_line(ended.out,
                         "note: the array's self-test locates a partial-sum bit stuck at 1 in PE "
                         "row 1, column 3"))
        << ended.out;
  }
}

TEST_F(Fault, IsLocatedInAnyPe) {
  write_array();
  write_workload();
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 5; ++column) {
      const std::string pe = std::to_string(row) + "," + std::to_string(column);
      const Ended ended = run_with("systemc", "pe:" + pe + ":13");
      EXPECT_EQ(ended.status, kWrongResult) << pe;
      EXPECT_TRUE(has_line(ended.out,
                           "note: the array's self-test locates a partial-sum bit stuck at 1 in PE "
                           "row " +
                               std::to_string(row) + ", column " + std::to_string(column)))
          << ended.out;
    }
  }
}

TEST_F(Fault, IsCaughtAndLocatedWithOutputStationary) {
  write_array();
  write_workload();
  for (const std::string pe : {"0,0", "1,3", "2,4"}) {
    const Ended ended =
        run_with("systemc", "pe:" + pe + ":13", {"--set", "array.dataflow=output_stationary"});
    EXPECT_EQ(ended.status, kWrongResult) << pe;
    EXPECT_NE(ended.out.find("\ncheck: FAILED, "), std::string::npos) << ended.out;
    EXPECT_TRUE(has_line(ended.out,
                         "note: the array's self-test locates a partial-sum bit stuck at 1 in PE "
                         "row " +
                             pe.substr(0, 1) + ", column " + pe.substr(2)))
        << ended.out;
  }
}

TEST_F(Fault, ThatChangesNoOutputIsFoundByTheSelfTest) {
  write_array();
  write_workload();
  for (const std::string dataflow : {"weight_stationary", "output_stationary"}) {
    const Ended ended = run_with("systemc", "pe:1,3:0", {"--set", "array.dataflow=" + dataflow});
    EXPECT_EQ(ended.status, kWrongResult) << dataflow;
    EXPECT_TRUE(has_line(
        ended.out, "check: FAILED, 0 of 184 int8 values differ from the reference, 0 missing"))
        << ended.out;
    EXPECT_TRUE(
        has_line(ended.out,
                 "  the injected fault changed no output value; the array's self-test finds "
                 "it"))
        << ended.out;
    EXPECT_TRUE(has_line(ended.out,
                         "note: the array's self-test locates a partial-sum bit stuck at 1 in PE "
                         "row 1, column 3"))
        << ended.out;
  }
}

TEST_F(Fault, PrintsTheCommandWhoseWaveShowsIt) {
  write_array();
  write_workload();
  const Ended ended = run_with("systemc", "pe:1,3");
  const std::string before =
      "note: the wave of the first wrong value: systol run net.yaml -c array.yaml --engine systemc "
      "--limit 8 --inject-fault pe:1,3 --wave wrong.fst --wave-from ";
  const std::size_t at = ended.out.find(before);
  ASSERT_NE(at, std::string::npos) << ended.out;
  std::istringstream rest(ended.out.substr(at + before.size()));
  std::string from;
  std::string option;
  std::string to;
  rest >> from >> option >> to;
  EXPECT_EQ(option, "--wave-to");
  EXPECT_LT(std::stoull(from), std::stoull(to));
  const Ended again =
      run_with("systemc", "pe:1,3", {"--wave", "wrong.fst", "--wave-from", from, "--wave-to", to});
  EXPECT_EQ(again.status, kWrongResult) << again.err;
  EXPECT_GT(content("wrong.fst").size(), 100U);
}

TEST_F(Fault, ThatNothingLooksForIsRefused) {
  write_array();
  write_workload();
  EXPECT_EQ(run_with("systemc", "pe:1,3", {"--no-check"}),
            error(kWrongInput, "--inject-fault with --no-check: nothing would look for the fault"));
}

TEST_F(Fault, IsInTheJson) {
  write_array();
  write_workload();
  const Ended ended = run_with("systemc", "pe:2,0", {"--json", "-"});
  EXPECT_EQ(ended.status, kWrongResult);
  const nlohmann::json report = nlohmann::json::parse(ended.out);
  EXPECT_GT(report["check"]["mismatches"], 0);
  EXPECT_EQ(report["check"]["first_mismatch"]["node"], "dense_1");
  EXPECT_EQ(report["check"]["first_mismatch"]["pe_column"], 0);
  EXPECT_NE(report["check"]["first_mismatch"]["expected"],
            report["check"]["first_mismatch"]["got"]);
  EXPECT_EQ(report["notes"][0],
            "the array's self-test locates a partial-sum bit stuck at 1 in PE row 2, column 0");
}

TEST_F(Fault, OnRealDigitsIsCaught) {
  const Ended ended =
      systol({"run", model("mnist_mlp"), "-c", config("edge_8x8.yaml"), "--engine", "systemc",
              "--input", digits(), "--limit", "5", "--inject-fault", "pe:3,5"});
  EXPECT_EQ(ended.status, kWrongResult);
  EXPECT_TRUE(has_line(ended.out,
                       "note: the array's self-test locates a partial-sum bit stuck at 1 in PE row "
                       "3, column 5"))
      << ended.out;
}

TEST_F(Fault, OutsideTheArrayIsRefused) {
  write_array();
  write_workload();
  EXPECT_EQ(run_with("systemc", "pe:3,0"),
            error(kWrongInput,
                  "fault pe:3,0: there is no such PE; the array has rows 0 to "
                  "2 and columns 0 to 4"));
}

}  // namespace
}  // namespace systol::test
