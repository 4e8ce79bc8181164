// One network on arrays of the three dataflows.
#include "tests/system/program.h"

namespace systol::test {
namespace {

const std::vector<std::string> kDataflows{"weight_stationary", "output_stationary",
                                          "input_stationary"};

class DataflowRun : public ProgramTest {
 protected:
  nlohmann::json run_on(const std::string& dataflow, const std::string& engine) const {
    const Ended ended =
        systol({"run", model("mnist_linear_softmax"), "-c", config("edge_8x8.yaml"), "--set",
                "array.dataflow=" + dataflow, "--engine", engine, "--input", digits(), "--labels",
                labels(), "--limit", "20", "--json", "-"});
    EXPECT_EQ(ended.status, kOk) << dataflow << " on " << engine << ": " << ended.err;
    nlohmann::json report = nlohmann::json::parse(ended.out);
    report.erase("engine");
    report.erase("tool");
    return report;
  }
};

TEST_F(DataflowRun, EnginesReportTheSameForEach) {
  for (const std::string& dataflow : kDataflows) {
    const nlohmann::json fast = run_on(dataflow, "fast");
    EXPECT_EQ(without_estimates(fast), without_estimates(run_on(dataflow, "systemc")));
    EXPECT_EQ(fast["array"]["dataflow"], dataflow);
    EXPECT_GT(fast["cycles"], 0);
  }
}

TEST_F(DataflowRun, AllComputeTheSameOutputsByTheSameMultiplications) {
  const nlohmann::json first = run_on(kDataflows[0], "fast");
  for (const std::string& dataflow : kDataflows) {
    const nlohmann::json report = run_on(dataflow, "fast");
    EXPECT_EQ(report["check"]["mismatches"], 0) << dataflow;
    EXPECT_EQ(report["check"]["compared"], first["check"]["compared"]) << dataflow;
    EXPECT_EQ(report["accuracy"], first["accuracy"]) << dataflow;
    EXPECT_EQ(report["macs"]["useful"], 20 * 784 * 10) << dataflow;
  }
}

}  // namespace
}  // namespace systol::test
